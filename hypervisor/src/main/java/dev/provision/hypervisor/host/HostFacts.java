package dev.provision.hypervisor.host;

import java.util.OptionalLong;

import dev.provision.schema.units.ByteSize;

/**
 * What is known of this host without running anything on it.
 *
 * @param operatingSystem as {@code os.name} says
 * @param architecture as {@code os.arch} says
 * @param pageSize base page size
 * @param tscKhz frequency of the x86 time stamp counter in kHz. A guest under software emulation cannot calibrate its
 *            TSC reliably on a busy host and may hang trying; the guest kernel is told this value as
 *            {@code tsc_early_khz=} instead. Empty on other architectures.
 */
public record HostFacts(String operatingSystem, String architecture, CpuFacts cpus, MemoryFacts memory,
        ByteSize pageSize, OptionalLong tscKhz) {}

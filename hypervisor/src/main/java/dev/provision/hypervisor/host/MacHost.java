package dev.provision.hypervisor.host;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

import dev.provision.hypervisor.host.libc.Sysctl;
import dev.provision.schema.units.ByteSize;

/**
 * Facts of a Mac, from sysctl(3) and Mach statistics. Written from Apple's documentation; it has not been run on a Mac
 * yet. macOS has neither CPU affinity nor cgroups, so all CPUs that are online are allowed.
 */
public final class MacHost implements HostProbe {

    @Override
    public HostFacts facts() throws IOException {
        var pageBytes = Sysctl.requiredNumber("hw.pagesize");
        var memory = new MemoryFacts(new ByteSize(Sysctl.requiredNumber("hw.memsize")),
                new ByteSize(Sysctl.availablePages() * pageBytes), List.of());
        return new HostFacts("Mac OS X", System.getProperty("os.arch", ""), cpus(), memory, new ByteSize(pageBytes),
                tscKhz());
    }

    private static CpuFacts cpus() {
        var online = Sysctl.number("hw.logicalcpu").orElse(Runtime.getRuntime().availableProcessors());
        var model = Sysctl.text("machdep.cpu.brand_string");
        var maker = model.startsWith("Apple") ? "Apple" : Sysctl.text("machdep.cpu.vendor");
        var addressBits = Sysctl.number("machdep.cpu.address_bits.physical"); // Intel only
        return new CpuFacts((int) online, Optional.empty(), (int) online, OptionalDouble.empty(), maker, model,
                addressBits.isPresent() ? OptionalInt.of((int) addressBits.getAsLong()) : OptionalInt.empty());
    }

    /** Intel Macs only; the kernel gives it in Hz. */
    private static OptionalLong tscKhz() {
        var hertz = Sysctl.number("machdep.tsc.frequency");
        return hertz.isPresent() ? OptionalLong.of(hertz.getAsLong() / 1000) : OptionalLong.empty();
    }
}

package dev.provision.planner.diff;

import java.util.Optional;

import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.observed.Booted;

/**
 * What decides how much a change disturbs a machine.
 *
 * @param booted
 *            what its VMM was started with; absent before its first start
 * @param capabilities
 *            what the driver can do with a VMM that was started so
 */
public record BootedVmm(Optional<Booted> booted, DriverCapabilities capabilities) {

    /** A machine that was never started will be what the driver boots now. */
    public static BootedVmm of(Optional<Booted> booted, DriverDeclaration driver) {
        return new BootedVmm(booted, booted.map(vmm -> driver.of(vmm.machineType(), vmm.accelerator()))
                .orElse(driver.present()));
    }
}

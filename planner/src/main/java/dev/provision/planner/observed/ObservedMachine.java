package dev.provision.planner.observed;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.provision.planner.host.DeviceAddress;
import dev.provision.schema.fleet.CanonicalForm;
import dev.provision.schema.fleet.MachineSpec;

/**
 * One machine as it is.
 *
 * @param applied
 *            the spec that was last applied to it; absent when its record is lost or unreadable
 * @param booted
 *            what its VMM was last started with; absent before its first start
 * @param canonicalForm
 *            version of the built-in defaults that it was made with, see {@link CanonicalForm}
 * @param devices
 *            devices of the host that were given to it, in the order of its requests
 * @param deviations
 *            what around its VMM is not as applied; none of a machine that does not run
 * @param createdAt
 *            when its life began; absent when nobody knows
 */
public record ObservedMachine(String name, MachineState state, Optional<MachineSpec> applied, Optional<Booted> booted,
        int canonicalForm, List<DeviceAddress> devices, List<Deviation> deviations,
        Optional<Instant> createdAt) {

    public ObservedMachine {
        devices = List.copyOf(devices);
        deviations = List.copyOf(deviations);
    }

    /** One of which nobody knows when it was made. */
    public ObservedMachine(String name, MachineState state, Optional<MachineSpec> applied, Optional<Booted> booted,
            int canonicalForm, List<DeviceAddress> devices, List<Deviation> deviations) {
        this(name, state, applied, booted, canonicalForm, devices, deviations, Optional.empty());
    }

    /** The same, made then. */
    public ObservedMachine createdAt(Instant then) {
        return new ObservedMachine(name, state, applied, booted, canonicalForm, devices, deviations,
                Optional.of(then));
    }

    /** One around which all is as applied. */
    public ObservedMachine(String name, MachineState state, Optional<MachineSpec> applied, Optional<Booted> booted,
            int canonicalForm, List<DeviceAddress> devices) {
        this(name, state, applied, booted, canonicalForm, devices, List.of());
    }

    /** One that was given no device. */
    public ObservedMachine(String name, MachineState state, Optional<MachineSpec> applied, Optional<Booted> booted,
            int canonicalForm) {
        this(name, state, applied, booted, canonicalForm, List.of());
    }

    /** One that this version made. */
    public ObservedMachine(String name, MachineState state, Optional<MachineSpec> applied, Optional<Booted> booted) {
        this(name, state, applied, booted, CanonicalForm.CURRENT.version());
    }
}

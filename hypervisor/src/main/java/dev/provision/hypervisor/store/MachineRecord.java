package dev.provision.hypervisor.store;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.schema.fleet.CanonicalForm;
import dev.provision.schema.fleet.MachineSpec;

/**
 * What the store knows of one machine.
 *
 * @param spec
 *            what was last applied
 * @param vmm
 *            absent before the first start
 * @param canonicalForm
 *            version of the built-in defaults that the machine was made with; it keeps them, whatever is applied later
 * @param devices
 *            devices of the host that are the machine's, whether it runs or not, in the order of its requests
 * @param createdAt
 *            when its life began, in milliseconds; absent in records of versions that did not write it down, until the
 *            next start
 */
public record MachineRecord(MachineId id, MachineSpec spec, Desired desired, Optional<VmmRecord> vmm,
        int canonicalForm, List<DeviceAddress> devices, Optional<Instant> createdAt) {

    /** The format this version writes; it reads no other. */
    public static final int FORMAT = 1;

    public MachineRecord {
        devices = List.copyOf(devices);
        if (!id.name().equals(spec.name())) {
            throw new IllegalArgumentException("a record of " + id + " with a spec of " + spec.name());
        }
    }

    /** One that was given no device of the host. */
    public MachineRecord(MachineId id, MachineSpec spec, Desired desired, Optional<VmmRecord> vmm,
            int canonicalForm) {
        this(id, spec, desired, vmm, canonicalForm, List.of(), Optional.empty());
    }

    /** A machine that was never started, made nobody knows when. */
    public static MachineRecord created(MachineId id, MachineSpec spec) {
        return new MachineRecord(id, spec, Desired.STOPPED, Optional.empty(), CanonicalForm.CURRENT.version());
    }

    /** A machine that is made now. */
    public static MachineRecord created(MachineId id, MachineSpec spec, Instant now) {
        return new MachineRecord(id, spec, Desired.STOPPED, Optional.empty(), CanonicalForm.CURRENT.version(),
                List.of(),
                Optional.of(now.truncatedTo(ChronoUnit.MILLIS)));
    }

    /** The process of its VMM that was started last; absent before the first start, and while one is under way. */
    public Optional<ProcessIdentity> process() {
        return vmm.flatMap(VmmRecord::process);
    }

    /** The control groups that its VMM was last put into; none when it was in none, or never started. */
    public List<Path> groups() {
        return vmm.map(VmmRecord::groups).orElse(List.of());
    }

    /** When its life began, as far as anybody knows: with the first start that was written down, where nothing else was. */
    public Optional<Instant> bornAt() {
        return createdAt.or(() -> vmm.map(VmmRecord::startedAt));
    }

    public MachineRecord withSpec(MachineSpec applied) {
        return new MachineRecord(id, applied, desired, vmm, canonicalForm, devices, createdAt);
    }

    public MachineRecord withDesired(Desired wanted) {
        return new MachineRecord(id, spec, wanted, vmm, canonicalForm, devices, createdAt);
    }

    public MachineRecord withVmm(VmmRecord started) {
        return new MachineRecord(id, spec, desired, Optional.of(started), canonicalForm, devices,
                bornAt().or(() -> Optional.of(started.startedAt())));
    }

    public MachineRecord withDevices(List<DeviceAddress> given) {
        return new MachineRecord(id, spec, desired, vmm, canonicalForm, given, createdAt);
    }
}

package dev.provision.planner.host;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.schema.fleet.MachineSpec;

/**
 * What a driver can do on this host.
 *
 * @param types
 *            machine types that are booted now; the first one where a machine needs no other
 * @param others
 *            of machines that may still run as they were booted before: on another machine type, or under another
 *            accelerator
 * @param asRoot
 *            why the VMMs that it starts here are root's although they need not be; absent where they are not
 */
public record DriverDeclaration(List<Bootable> types, List<DriverCapabilities> others, Optional<Lack> asRoot) {

    public DriverDeclaration {
        types = List.copyOf(types);
        others = List.copyOf(others);
    }

    /** Whose VMMs are not root's, or need to be. */
    public DriverDeclaration(List<Bootable> types, List<DriverCapabilities> others) {
        this(types, others, Optional.empty());
    }

    /** The same, whose VMMs are root's, for this reason. */
    public DriverDeclaration asRoot(Optional<Lack> reason) {
        return new DriverDeclaration(types, others, reason);
    }

    /** Of a driver with one machine type, which meets no particular need. */
    public DriverDeclaration(DriverCapabilities present, List<DriverCapabilities> others) {
        this(List.of(new Bootable(present, Set.of())), others);
    }

    /** Of machines that need nothing in particular. */
    public DriverCapabilities present() {
        return types.getFirst().capabilities();
    }

    /** What a machine with this spec boots on. */
    public MachineTypeChoice choose(MachineSpec spec) {
        return MachineTypeChoice.of(spec, types);
    }

    /** Of machines that were booted so; nothing at all where the driver does not know them. */
    public DriverCapabilities of(String machineType, Accelerator accelerator) {
        return Stream.concat(types.stream().map(Bootable::capabilities), others.stream())
                .filter(known -> known.machineType().equals(machineType) && known.accelerator() == accelerator)
                .findFirst()
                .orElse(DriverCapabilities.none(machineType, accelerator));
    }
}

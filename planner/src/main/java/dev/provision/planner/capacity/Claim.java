package dev.provision.planner.capacity;

import java.util.List;
import java.util.Optional;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.MachineSpec;

/**
 * One machine that will run, and what it claims of the host.
 *
 * @param spec
 *            what it will be
 * @param written
 *            where the manifest says so; absent for a machine that runs on as it is, since the manifest does not name it
 *            or the plan is not about it
 */
public record Claim(MachineSpec spec, Optional<FleetMachine> written) {

    /** A machine of the manifest, as it is written there. */
    public static Claim of(FleetMachine machine) {
        return new Claim(machine.spec(), Optional.of(machine));
    }

    /** All machines of the manifest. */
    public static List<Claim> of(Fleet fleet) {
        return fleet.machines().values().stream().map(Claim::of).toList();
    }

    String name() {
        return spec.name();
    }

    /** Name of the manifest's entry, which stands for all machines that its {@code count} makes. */
    String entry() {
        return written.map(FleetMachine::entry).orElse(name());
    }

    /** One of several that a {@code count} makes. */
    boolean isCounted() {
        return !entry().equals(name());
    }

    /** An error where the manifest writes a key of this machine; without a place when it is not in the manifest. */
    Diagnostic error(Code code, String what, String... path) {
        return placed(Diagnostic.error(code, what), path);
    }

    /** The problem where the manifest writes a key of this machine. */
    Diagnostic placed(Diagnostic problem, String... path) {
        return written.map(machine -> problem.at(machine.origin().at(path))).orElse(problem);
    }
}

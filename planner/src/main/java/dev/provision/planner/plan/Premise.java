package dev.provision.planner.plan;

import java.util.Optional;

import dev.provision.planner.observed.ObservedMachine;

/** What a change takes for granted of its machine: its steps are right only while that holds. */
public final class Premise {

    private Premise() {}

    /**
     * What of the machine is another one than when the change was planned; empty when its steps may be done. What may change by
     * itself and does no harm to them, such as the memory that a balloon leaves, is not looked at.
     *
     * @param now
     *            the machine as it is; absent when it leaves no trace
     */
    public static Optional<String> contradicts(MachineChange change, Optional<ObservedMachine> now) {
        boolean runs = now.filter(machine -> MachineStates.runs(machine.state())).isPresent();
        if (runs != change.running()) {
            return Optional.of(runs ? "its VMM runs now" : "its VMM is gone");
        }
        if (!now.flatMap(ObservedMachine::applied).equals(change.applied())) {
            return Optional.of(now.isEmpty() ? "it is gone" : "its record is another one now");
        }
        return Optional.empty();
    }
}

package dev.provision.provisioner.cli;

import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.provisioner.events.Event;

/** Jobs of a fleet that have ended badly. */
final class FailedJobs {

    private FailedJobs() {}

    /** How each has ended, by machine: {@code ended with exit code 3}. */
    static SortedMap<String, String> of(ObservedFleet observed) {
        SortedMap<String, String> failed = new TreeMap<>();
        observed.machines().forEach((name, machine) -> {
            if (machine.state() instanceof MachineState.Completed done && done.isFailure()) {
                failed.put(name, new Event.JobEnded(name, done.exitCode(), done.exceeded()).how());
            }
        });
        return failed;
    }
}

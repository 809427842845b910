package dev.provision.provisioner.cli;

import java.util.Map;
import java.util.TreeMap;

import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.provisioner.events.Event;

/** Jobs of a fleet that have ended badly. */
final class FailedJobs {

    private FailedJobs() {}

    /** How each has ended, by machine: {@code ended with exit code 3}. */
    static Map<String, String> of(ObservedFleet observed) {
        Map<String, String> failed = new TreeMap<>();
        observed.machines().forEach((name, machine) -> {
            if (machine.state() instanceof MachineState.Completed(int code, var exceeded) && code != 0) {
                failed.put(name, new Event.JobEnded(name, code, exceeded).how());
            }
        });
        return failed;
    }
}

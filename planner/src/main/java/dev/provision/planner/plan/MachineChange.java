package dev.provision.planner.plan;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.MachineSpec;

/**
 * All that happens to one machine.
 *
 * @param reason
 *            why, for people; empty where the fields say it
 * @param fields
 *            what differs
 * @param steps
 *            what is done, in this order; empty for {@link Disruption#KEEP}
 * @param wanted
 *            the spec it will have; absent when it goes
 * @param running
 *            its VMM runs already and keeps running or is replaced
 * @param notes
 *            what else is worth knowing of it and changes nothing, one sentence each
 */
public record MachineChange(String machine, Disruption disruption, String reason, List<FieldChange> fields,
        List<Step> steps, Optional<MachineSpec> wanted, boolean running, List<String> notes) {

    public MachineChange {
        fields = List.copyOf(fields);
        steps = List.copyOf(steps);
        notes = List.copyOf(notes);
    }

    /** Of which there is nothing more to say. */
    public MachineChange(String machine, Disruption disruption, String reason, List<FieldChange> fields,
            List<Step> steps, Optional<MachineSpec> wanted, boolean running) {
        this(machine, disruption, reason, fields, steps, wanted, running, List.of());
    }

    /** The same, with these notes. */
    MachineChange noting(List<String> others) {
        return new MachineChange(machine, disruption, reason, fields, steps, wanted, running, others);
    }

    /** A VMM is started on the way. */
    public boolean boots() {
        return steps.stream().anyMatch(Step.Start.class::isInstance);
    }

    /** What it reserves from the pool once it is as wanted. */
    public Share share() {
        return wanted.map(Share::of).orElse(Share.NOTHING);
    }

    /** What must have come up before it boots. */
    public SortedMap<String, Condition> dependsOn() {
        return wanted.map(MachineSpec::dependsOn).orElse(Collections.unmodifiableSortedMap(new TreeMap<>()));
    }
}

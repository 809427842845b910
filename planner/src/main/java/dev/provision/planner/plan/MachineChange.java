package dev.provision.planner.plan;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.host.BootsOn;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.schedule.Demand;
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
 * @param applied
 *            the spec that was last applied to it; absent when it is new or its record is lost
 * @param notes
 *            what else is worth knowing of it and changes nothing, one sentence each
 * @param outOfScope
 *            why nothing is done to it, although it is not as wanted
 * @param bootsOn
 *            the virtual hardware of the VMM that is started on the way; absent where none is
 */
public record MachineChange(String machine, Disruption disruption, String reason, List<FieldChange> fields,
        List<Step> steps, Optional<MachineSpec> wanted, boolean running, Optional<MachineSpec> applied,
        List<String> notes, Optional<OutOfScope> outOfScope, Optional<BootsOn> bootsOn) {

    public MachineChange {
        fields = List.copyOf(fields);
        steps = List.copyOf(steps);
        notes = List.copyOf(notes);
    }

    /** Of which there is nothing more to say. */
    public MachineChange(String machine, Disruption disruption, String reason, List<FieldChange> fields,
            List<Step> steps, Optional<MachineSpec> wanted, boolean running, Optional<MachineSpec> applied) {
        this(machine, disruption, reason, fields, steps, wanted, running, applied, List.of(), Optional.empty(),
                Optional.empty());
    }

    /** The same, with these notes. */
    MachineChange noting(List<String> others) {
        return new MachineChange(machine, disruption, reason, fields, steps, wanted, running, applied, others,
                outOfScope, bootsOn);
    }

    /** The same, for these differences. */
    MachineChange because(List<FieldChange> others) {
        return new MachineChange(machine, disruption, reason, others, steps, wanted, running, applied, notes,
                outOfScope, bootsOn);
    }

    /** It goes because its time is over, as its manifest has it: no person need allow that again. */
    public boolean isExpiry() {
        return disruption == Disruption.DESTROY
                && fields.stream().anyMatch(field -> field.path().equals(MachineStates.LIFETIME));
    }

    /** The same, by these steps. */
    MachineChange doing(List<Step> others) {
        return new MachineChange(machine, disruption, reason, fields, others, wanted, running, applied, notes,
                outOfScope, bootsOn);
    }

    /** The same, on the virtual hardware that the driver chooses, where a VMM is started: one that runs already is adopted. */
    MachineChange by(DriverDeclaration driver) {
        boolean starts = boots() && !goesOn();
        return new MachineChange(machine, disruption, reason, fields, steps, wanted, running, applied, notes,
                outOfScope,
                starts ? wanted.map(spec -> driver.choose(spec).bootsOn()) : Optional.empty());
    }

    /** A VMM is started on the way. */
    public boolean boots() {
        return steps.stream().anyMatch(Step.Start.class::isInstance);
    }

    /** It should run, its VMM has ended, and this brings it up again. */
    public boolean revives() {
        return boots() && !running && fields.stream().anyMatch(field -> field.path().equals(MachineStates.STATE));
    }

    /** Its VMM runs and does not answer: that is all that this restarts it for, or more than that. */
    public boolean isMute() {
        return running && boots() && fields.stream()
                .anyMatch(field -> field.path().equals(MachineStates.STATE)
                        && field.disruption() == Disruption.RESTART);
    }

    /** Its job is over, and its VMM, which runs on, is ended. */
    public boolean endsJob() {
        return disruption == Disruption.STOP
                && fields.stream().anyMatch(field -> field.path().equals(MachineStates.STATE));
    }

    /** Instead of this change, nothing happens: the machine stays as it is, which is not as wanted. */
    MachineChange left(OutOfScope why) {
        return new MachineChange(machine, Disruption.KEEP, why.reason(), List.of(), List.of(), applied, running,
                applied, List.of(), Optional.of(why), Optional.empty());
    }

    /** Nothing is done to it, although it is not as wanted. */
    public boolean isOutOfScope() {
        return outOfScope.isPresent();
    }

    /** The same change of a machine that has this spec so far. */
    MachineChange from(Optional<MachineSpec> spec) {
        return new MachineChange(machine, disruption, reason, fields, steps, wanted, running, spec, notes,
                outOfScope, bootsOn);
    }

    /** What it asks of the pool. */
    public Demand demand(ResourcePool pool) {
        boolean runs = runsAfterwards();
        Share held = running ? applied.map(pool::shareOf).orElse(Share.NOTHING) : Share.NOTHING;
        return new Demand(machine, kind(), held, runs ? wanted.map(pool::shareOf).orElse(Share.NOTHING) : Share.NOTHING,
                wanted.filter(MachineSpec::isJob).isPresent(),
                !steps.isEmpty() && steps.getFirst() instanceof Step.Stop, dependsOn());
    }

    /** Its VMM runs once the plan is executed; of a job: for some time. */
    boolean runsAfterwards() {
        return boots() || (running && disruption != Disruption.STOP && disruption != Disruption.DESTROY);
    }

    private Demand.Kind kind() {
        return switch (disruption) {
            case KEEP -> Demand.Kind.KEPT;
            case DESTROY -> Demand.Kind.LEAVES;
            case LIVE, START, CREATE, STOP, RESTART, RECREATE ->
                boots() ? Demand.Kind.BOOTS : Demand.Kind.CHANGES;
        };
    }

    /**
     * What must have come up before it boots. A job that boots already waits for nobody: its command starts whatever comes of the
     * others, and they may be waiting for its share.
     */
    public SortedMap<String, Condition> dependsOn() {
        return wanted.filter(spec -> !(spec.isJob() && boots() && goesOn()))
                .map(MachineSpec::dependsOn)
                .orElse(Collections.unmodifiableSortedMap(new TreeMap<>()));
    }

    /** It runs, and is not stopped on the way. */
    private boolean goesOn() {
        return running && steps.stream().noneMatch(Step.Stop.class::isInstance);
    }
}

package dev.provision.planner.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.provision.planner.diff.BootedVmm;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.diff.Found;
import dev.provision.planner.diff.MachineDiff;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.IgnoredChanges;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.RestartPolicy;
import dev.provision.schema.units.Durations;

/** Decides what happens to one machine, from its state and its differences. */
final class ChangePlanner {

    private ChangePlanner() {}

    /** A machine that the manifest does not want (any more). */
    static MachineChange unwanted(ObservedMachine machine) {
        return gone(machine.name(), "not in the manifest", Optional.of(machine), false);
    }

    /** A machine of a fleet that is destroyed; absent when only its storage is left. */
    static MachineChange goes(String name, Optional<ObservedMachine> machine, boolean withStorage) {
        return machine.isPresent() ? gone(name, "", machine, withStorage) : leftOver(name);
    }

    private static MachineChange gone(String name, String reason, Optional<ObservedMachine> machine,
            boolean withStorage) {
        boolean running = machine.filter(there -> MachineStates.runs(there.state())).isPresent();
        return new MachineChange(name, Disruption.DESTROY, reason, List.of(),
                List.of(new Step.Stop(), new Step.Remove(withStorage)), Optional.empty(), running,
                machine.flatMap(ObservedMachine::applied));
    }

    /** A machine that leaves no trace here yet. */
    static MachineChange missing(MachineSpec wanted, Set<DiskKey> kept) {
        boolean takesOver = !Collections.disjoint(kept, wanted.resources().persistentDisks().keySet());
        String reason = takesOver ? "takes over the storage that was kept" : "";
        return new MachineChange(wanted.name(), Disruption.CREATE, reason, List.of(),
                takesOver ? List.of(new Step.Create(wanted), new Step.GrowDisks(wanted), new Step.Start(wanted))
                        : List.of(new Step.Create(wanted), new Step.Start(wanted)),
                Optional.of(wanted), false, Optional.empty());
    }

    /** Storage whose machine is gone. */
    private static MachineChange leftOver(String name) {
        return new MachineChange(name, Disruption.DESTROY, "storage that was kept when its machine went", List.of(),
                List.of(new Step.Remove(true)), Optional.empty(), false, Optional.empty());
    }

    /** What the machine is to be, less the changes that its manifest has it ignore. */
    static MachineSpec effective(MachineSpec written, ObservedMachine machine) {
        return machine.applied().map(applied -> IgnoredChanges.kept(written, applied)).orElse(written);
    }

    static MachineChange existing(MachineSpec written, ObservedMachine machine, BootedVmm vmm, Found found) {
        return towards(written, machine, vmm, found).from(machine.applied());
    }

    /** Made anew because a person wants it. */
    static MachineChange replaced(MachineSpec written, ObservedMachine machine, BootedVmm vmm, Found found) {
        return recreate(effective(written, machine), "replaced on demand",
                existing(written, machine, vmm, found).fields(), MachineStates.runs(machine.state()))
                .from(machine.applied());
    }

    /** Made anew because its time is over and a person applies. */
    static MachineChange renewed(MachineSpec written, ObservedMachine machine, String reason, BootedVmm vmm,
            Found found) {
        return recreate(effective(written, machine), reason, existing(written, machine, vmm, found).fields(),
                MachineStates.runs(machine.state()))
                .from(machine.applied());
    }

    /** Its time is over: it goes, its persistent disks stay. */
    static MachineChange expired(ObservedMachine machine, String reason, MachineSpec wanted) {
        return gone(machine.name(), reason, Optional.of(machine), false)
                .because(List.of(MachineStates.over(wanted)));
    }

    private static MachineChange towards(MachineSpec written, ObservedMachine machine, BootedVmm vmm, Found found) {
        MachineSpec wanted = effective(written, machine);
        if (machine.state() instanceof MachineState.Created) {
            return created(wanted, machine.applied());
        }
        if (machine.applied().isEmpty()) {
            return recreate(wanted, MachineStates.lostRecord(machine.state()), List.of(),
                    MachineStates.runs(machine.state()));
        }
        MachineSpec applied = machine.applied().get();
        List<FieldChange> fields = new ArrayList<>(MachineStates.drift(machine.state()).stream().toList());
        fields.addAll(MachineDiff.between(applied, wanted, vmm, found));
        return switch (machine.state()) {
            case MachineState.Running running ->
                running(wanted, applied, running, "its VMM runs, but the guest is not ready", fields,
                        found.hasOtherLimits());
            case MachineState.Paused paused -> running(wanted, applied,
                    new MachineState.Running(paused.pid(), false, Optional.empty(), Optional.empty()),
                    "paused: " + paused.reason(), fields, found.hasOtherLimits());
            case MachineState.Unresponsive mute when mute.jobIsOver() -> over(wanted, applied, mute, fields);
            case MachineState.Unresponsive mute ->
                restart(wanted, "its VMM (pid " + mute.pid() + ") does not answer: " + mute.reason(), fields, true);
            case MachineState.Completed done -> completed(wanted, applied, done, fields);
            case MachineState.Stopped stopped -> start(wanted, "stopped", fields);
            case MachineState.Dead dead -> start(wanted, "dead: " + dead.reason(), fields);
            case MachineState.Created created -> created(wanted, machine.applied());
            case MachineState.Broken broken -> recreate(wanted, MachineStates.lostRecord(broken), fields, false);
            case MachineState.Orphan orphan -> recreate(wanted, MachineStates.lostRecord(orphan), fields, true);
        };
    }

    /** What was made for another spec is made anew: nothing has been written to it yet. */
    private static MachineChange created(MachineSpec wanted, Optional<MachineSpec> applied) {
        if (applied.filter(wanted::equals).isPresent()) {
            return change(wanted, Disruption.START, "created, but never started", List.of(),
                    List.of(new Step.Create(wanted), new Step.Start(wanted)), false);
        }
        return change(wanted, Disruption.CREATE,
                applied.isEmpty() ? "its creation was cut short"
                        : "made anew: it was created otherwise and never started",
                List.of(),
                anew(wanted), false);
    }

    /** The storage, if there is some, stays and can have another size than wanted. */
    private static List<Step> anew(MachineSpec wanted) {
        return List.of(new Step.Stop(), new Step.Remove(false), new Step.Create(wanted), new Step.GrowDisks(wanted),
                new Step.Start(wanted));
    }

    private static MachineChange running(MachineSpec wanted, MachineSpec applied, MachineState.Running running,
            String unready, List<FieldChange> fields, boolean otherLimits) {
        Disruption worst = worst(fields);
        return switch (worst) {
            case KEEP -> running.ready() ? change(wanted, Disruption.KEEP, "", fields, List.of(), true)
                    : unready(wanted, applied, running.pid(), unready, fields, otherLimits);
            case LIVE -> running.ready()
                    ? change(wanted, Disruption.LIVE, "", fields,
                            LiveSteps.of(wanted, applied, running, fields, otherLimits),
                            true)
                    : unready(wanted, applied, running.pid(), unready, fields, otherLimits);
            case RECREATE -> change(wanted, worst, "", fields,
                    downSteps(wanted, worst), true);
            case START, CREATE, STOP, RESTART, DESTROY -> restart(wanted, "", fields, true);
        };
    }

    /**
     * A guest that still boots, or goes on, comes up as it was told first; what it shows until then is no drift. When it counts as
     * ready is said by what is wanted now: a probe that was a mistake would fail for ever.
     */
    private static MachineChange unready(MachineSpec wanted, MachineSpec applied, long pid, String reason,
            List<FieldChange> fields, boolean otherLimits) {
        List<Step> steps = new ArrayList<>();
        if (worst(fields) != Disruption.KEEP) {
            var booted = new MachineState.Running(pid, true, Optional.empty(), Optional.empty());
            steps.addAll(LiveSteps.of(wanted, applied, booted, fields, otherLimits));
        }
        // A limit that keeps the guest from getting ready is changed before anybody waits for that.
        boolean limits = !steps.isEmpty() && steps.getFirst() instanceof Step.Limit;
        steps.add(limits ? 1 : 0, new Step.Start(applied.with(wanted.ready())));
        return change(wanted, Disruption.START, reason, fields, steps, true);
    }

    /**
     * A command that has ended runs once for a spec, however it ended: it stays done until something changes that it could
     * notice, or a person says {@code restart}.
     */
    private static MachineChange completed(MachineSpec wanted, MachineSpec applied, MachineState.Completed done,
            List<FieldChange> fields) {
        if (wanted.workload().restart() == RestartPolicy.ALWAYS) {
            return start(wanted, "ended with exit code " + done.exitCode() + "; restart is `always`", fields);
        }
        Disruption worst = worst(fields);
        if (worst == Disruption.KEEP) {
            return change(wanted, Disruption.KEEP, ended(done, "completed with exit code 0"), fields, List.of(),
                    false);
        }
        if (worst == Disruption.LIVE) {
            List<Step> steps = new ArrayList<>(LiveSteps.disks(wanted, applied).stream().toList());
            steps.add(new Step.SaveSpec(wanted));
            return change(wanted, Disruption.LIVE, "", fields, steps, false);
        }
        return start(wanted, ended(done, "completed") + "; runs again", fields);
    }

    /** What has completed but for its VMM is done with it; then as for what has completed. */
    private static MachineChange over(MachineSpec wanted, MachineSpec applied, MachineState.Unresponsive mute,
            List<FieldChange> fields) {
        if (wanted.workload().restart() == RestartPolicy.ALWAYS || worst(fields) != Disruption.STOP) {
            return restart(wanted, mute.reason(), fields, true);
        }
        List<Step> steps = new ArrayList<>(List.of(new Step.Stop()));
        if (fields.stream().anyMatch(field -> field.disruption() == Disruption.LIVE)) {
            steps.addAll(LiveSteps.disks(wanted, applied).stream().toList());
            steps.add(new Step.SaveSpec(wanted));
        }
        return change(wanted, Disruption.STOP, mute.reason(), fields, steps, true);
    }

    private static String ended(MachineState.Completed done, String well) {
        return done.exceeded()
                .map(deadline -> "exceeded its deadline of " + Durations.format(deadline))
                .orElseGet(() -> done.exitCode() == 0 ? well : "failed with exit code " + done.exitCode());
    }

    private static MachineChange start(MachineSpec wanted, String reason, List<FieldChange> fields) {
        Disruption worst = Disruption.worse(Disruption.START,
                worst(fields) == Disruption.RECREATE ? Disruption.RECREATE : Disruption.START);
        return change(wanted, worst, reason, fields.stream().map(FieldChange::atBoot).toList(),
                downSteps(wanted, worst), false);
    }

    /**
     * What brings a machine up that is down: stop confirms that nothing of it is left. The disks come before the record
     * that names them: cut short in between, a record with a disk that was never made would read as one that is lost.
     */
    private static List<Step> downSteps(MachineSpec wanted, Disruption worst) {
        List<Step> steps = new ArrayList<>(List.of(new Step.Stop()));
        if (worst == Disruption.RECREATE) {
            steps.add(new Step.DiscardOverlay());
        }
        steps.add(new Step.GrowDisks(wanted));
        if (!canEnd(wanted)) {
            steps.add(new Step.SaveSpec(wanted));
        }
        steps.add(new Step.Start(wanted));
        return steps;
    }

    /**
     * The boot itself writes down the spec of a command that can end: written before, the end of the run before would read as
     * that of the one which is still to come, and a command that was cut short in between would leave it so.
     */
    private static boolean canEnd(MachineSpec wanted) {
        return wanted.workload().restart() != RestartPolicy.ALWAYS && !wanted.workload().command().isEmpty();
    }

    private static MachineChange restart(MachineSpec wanted, String reason, List<FieldChange> fields, boolean running) {
        Disruption worst = Disruption.worse(Disruption.RESTART, worst(fields));
        return change(wanted, worst, reason, fields, downSteps(wanted, worst), running);
    }

    private static MachineChange recreate(MachineSpec wanted, String reason, List<FieldChange> fields,
            boolean running) {
        return change(wanted, Disruption.RECREATE, reason, fields,
                anew(wanted), running);
    }

    private static MachineChange change(MachineSpec wanted, Disruption disruption, String reason,
            List<FieldChange> fields, List<Step> steps, boolean running) {
        return new MachineChange(wanted.name(), disruption, reason, fields, steps, Optional.of(wanted), running,
                Optional.empty());
    }

    private static Disruption worst(List<FieldChange> fields) {
        return fields.stream().map(FieldChange::disruption).reduce(Disruption.KEEP, Disruption::worse);
    }
}

package dev.provision.planner.plan;

import java.util.Optional;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.observed.MachineState;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.Durations;

/** What the state that a machine is found in means for its change. */
final class MachineStates {

    /** What a machine does, as a field of it. */
    static final String STATE = "state";

    /** How long a machine lives, as a field of it. */
    static final String LIFETIME = "lifetime";

    private MachineStates() {}

    /** Its {@code ttl} is over. */
    static FieldChange over(MachineSpec wanted) {
        String ttl = wanted.lifecycle().ttl().map(Durations::format).orElse("none");
        return new FieldChange(LIFETIME, ttl, Optional.of("over"), "over", Disruption.DESTROY, "its ttl is over", "");
    }

    /** It has a VMM. */
    static boolean runs(MachineState state) {
        return switch (state) {
            case MachineState.Running running -> true;
            case MachineState.Paused paused -> true;
            case MachineState.Unresponsive mute -> true;
            case MachineState.Orphan orphan -> true;
            case MachineState.Completed completed -> false;
            case MachineState.Stopped stopped -> false;
            case MachineState.Dead dead -> false;
            case MachineState.Created created -> false;
            case MachineState.Broken broken -> false;
        };
    }

    /** Why it must be made anew. */
    static String lostRecord(MachineState state) {
        return switch (state) {
            case MachineState.Broken broken -> "its record is unusable: " + broken.reason();
            case MachineState.Orphan orphan -> "its VMM (pid " + orphan.pid() + ") runs without a record";
            case MachineState other -> "its record is lost";
        };
    }

    /** A machine that its record has running and that does not run, or not as it should. */
    static Optional<FieldChange> drift(MachineState state) {
        return switch (state) {
            case MachineState.Dead dead -> Optional.of(new FieldChange(STATE, "running", Optional.of("dead"),
                    "running", Disruption.START, "its VMM is gone", ""));
            case MachineState.Paused paused -> Optional.of(new FieldChange(STATE, "running",
                    Optional.of("paused"), "running", Disruption.LIVE, "the guest goes on where it was", ""));
            case MachineState.Unresponsive mute when mute.jobIsOver() -> Optional.of(new FieldChange(STATE, "running",
                    Optional.of("unresponsive"), "ended", Disruption.STOP, "its job is over", ""));
            case MachineState.Unresponsive mute -> Optional.of(new FieldChange(STATE, "running",
                    Optional.of("unresponsive"), "running", Disruption.RESTART, "its VMM does not answer", ""));
            case MachineState other -> Optional.empty();
        };
    }
}

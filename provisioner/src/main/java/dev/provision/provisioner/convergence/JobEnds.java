package dev.provision.provisioner.convergence;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.provision.hypervisor.DriverException;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.fleet.MachineSpec;

/** The jobs whose ends a run waits for, and how they ended: a job that fails is a failure of that run. */
public final class JobEnds {

    private final Set<String> awaited;
    private final Map<String, Outcome> ends = new ConcurrentHashMap<>();

    JobEnds(Set<String> awaited) {
        this.awaited = Set.copyOf(awaited);
    }

    /** Names of the jobs that the plan runs, lets run, or knows to have ended, and does not pass over. */
    public static Set<String> in(Plan plan, Predicate<String> asked) {
        return plan.changes()
                .stream()
                .filter(change -> asked.test(change.machine()) && !change.isOutOfScope() && remains(change))
                .filter(change -> change.wanted().filter(MachineSpec::isJob).isPresent())
                .map(MachineChange::machine)
                .collect(Collectors.toSet());
    }

    private static boolean remains(MachineChange change) {
        return change.disruption() != Disruption.DESTROY
                && (change.disruption() != Disruption.STOP || change.endsJob());
    }

    boolean isAwaited(String machine) {
        return awaited.contains(machine);
    }

    /**
     * The command has ended, now or long ago.
     *
     * @param output
     *            the last lines of what it printed
     */
    void ended(Event.JobEnded end, List<String> output) {
        ends.put(end.machine(), end.exitCode() == 0 ? new Outcome.Done()
                : new Outcome.Failed("job " + end.how(), "provision logs " + end.machine(), output));
    }

    /** How it ended, or whether it does, cannot be told. */
    void lost(String machine, DriverException e) {
        ends.put(machine, new Outcome.Failed("job: " + e.getMessage(), e.fix(), e.consoleTail()));
    }

    /** Its place in the ledger, given what became of its machine; none where nothing was done to it and it ended well before. */
    Optional<Outcome> outcome(MachineChange change, Optional<Outcome> ofMachine) {
        boolean came = ofMachine.map(Outcome.Done.class::isInstance).orElse(true);
        if (!isAwaited(change.machine()) || !came) {
            return ofMachine;
        }
        Outcome end = ends.get(change.machine());
        boolean mattersNow = ofMachine.isPresent() || change.running();
        return end == null
                ? Optional.<Outcome>of(new Outcome.Unknown("the wait for its job, which goes on"))
                        .filter(_ -> mattersNow)
                : Optional.of(end).filter(_ -> mattersNow || !(end instanceof Outcome.Done));
    }
}

package dev.provision.provisioner.convergence;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.provision.hypervisor.host.HostShortage;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Step;
import dev.provision.planner.schedule.Ticket;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.Probe;
import dev.provision.schema.units.ByteSize;

/** One machine's way through a run: waits for what it needs, then does its steps. Ends with an outcome, whatever happens. */
final class MachineRun implements Runnable, StepRunner.Progress {

    private final RunContext context;
    private final MachineChange change;
    private final Runnable whenJobRuns;
    private final Milestones reached;
    private final MachineSteps steps;
    private final Interruption interruption = new Interruption();
    private volatile @Nullable Outcome outcome;
    private @Nullable Ticket ticket;
    private boolean holdsBootSlot;
    private ByteSize promised = ByteSize.ZERO;
    private final Holding holding;
    private final Prerequisites prerequisites;

    /** @param whenJobRuns what to do once the machine, a job, runs and this run has ended */
    MachineRun(RunContext context, MachineChange change, Runnable whenJobRuns) {
        this.context = context;
        this.change = change;
        this.whenJobRuns = whenJobRuns;
        this.steps = new MachineSteps(context, change, this);
        this.reached = context.milestonesOf(change.machine());
        this.holding = context.holdingOf(change);
        this.prerequisites = new Prerequisites(context, change);
    }

    /** What is known now: of a run that has not ended, whether it is in the middle of a step. */
    Outcome outcome() {
        Outcome known = outcome;
        if (known != null) {
            return known;
        }
        return steps.current()
                .<Outcome>map(step -> new Outcome.Unknown(StepNames.of(step)))
                .orElseGet(() -> new Outcome.Skipped(context.notBegun()));
    }

    /** What it does is done to its end; when it waits, it does not begin any more. */
    void finish() {
        interruption.request();
    }

    @Override
    public void run() {
        long start = System.nanoTime();
        interruption.begin();
        Outcome result = attempt();
        interruption.end();
        outcome = result;
        reached.letGo();
        context.emit(new Event.MachineEnded(change.machine(), result, since(start)));
        switch (result) {
            case Outcome.Done _ -> {
                reached.reach(Condition.STARTED);
                reached.reach(Condition.READY);
                if (!context.demandOf(change).job()) {
                    reached.failCompletion(change.machine());
                }
            }
            // Who waits for a skipped machine is told what it was skipped for: that is what must be mended.
            case Outcome.Skipped skipped -> reached.fail(skipped);
            case Outcome.Failed _ -> reached.fail("`" + change.machine() + "` did not come up");
            case Outcome.Unknown _ -> reached.fail("interrupted");
        }
        if (context.demandOf(change).job() && (change.disruption() != Disruption.STOP || change.endsJob())
                && result instanceof Outcome.Done && !context.isWatchedFromTheBeginning(change)) {
            whenJobRuns.run();
        }
        context.admission().end();
    }

    /** What it waits with in the queue from the beginning, when nothing comes before that. */
    Optional<Ticket> firstTicket() {
        boolean first = holding.needsAdmission() && stepsThatOthersWaitFor() == 0
                && !context.stopsFirst(change.machine()) && prerequisites.areMet();
        ticket = first ? holding.ticket(context.rank(change.machine())) : null;
        return Optional.ofNullable(ticket);
    }

    private Outcome attempt() {
        try {
            return converge();
        } catch (Milestones.UnreachableException e) {
            return steps.current().isEmpty() ? e.outcome() : stoppedInVain(e.outcome().reason());
        } catch (Admission.NoRoomException | MemoryGate.HostShortException e) {
            String reason = String.valueOf(e.getMessage());
            return steps.current().isEmpty() ? new Outcome.Skipped(reason) : stoppedInVain(reason);
        } catch (InterruptedException e) {
            return outcome();
        } catch (RuntimeException | Error e) {
            // Caught here, so that it takes down one machine and not the run.
            if (HostShortage.isOfJvm(e)) {
                return new Outcome.Failed(HostShortage.inJvm(e), HostShortage.FIX_IN_JVM,
                        List.of());
            }
            StackTraceElement[] trace = e.getStackTrace();
            return new Outcome.Failed(
                    "this is a bug in provision: " + e + (trace.length == 0 ? "" : " at " + trace[0]),
                    "report it with this line and the plan", List.of());
        }
    }

    private Outcome stoppedInVain(String reason) {
        return new Outcome.Failed(steps.vmmMayRun() ? "nothing but host ports of it was changed: " + reason
                : "it was stopped to let others have its room or its host ports, and is down: " + reason,
                "mend that, then apply again",
                List.of());
    }

    private Outcome converge()
            throws Milestones.UnreachableException, Admission.NoRoomException, MemoryGate.HostShortException,
            InterruptedException {
        Outcome result = null;
        try {
            List<Step> left = change.steps();
            int before = stepsThatOthersWaitFor();
            if (before > 0) {
                result = perform(left.subList(0, before));
                if (!(result instanceof Outcome.Done)) {
                    return result;
                }
                if (!steps.vmmMayRun()) {
                    holding.giveBack();
                }
                left = left.subList(before, left.size());
                result = null;
            }
            reached.letGo();
            if (!change.boots() && context.stopsFirst(change.machine())) {
                holding.giveSurplus();
            }
            prerequisites.await();
            if (holding.needsAdmission()) {
                Ticket first = ticket;
                holding.acquire(first == null ? holding.ticket(context.rank(change.machine())) : first,
                        this::tellWaiting);
                holdsBootSlot = change.boots();
            }
            if (change.boots() && !change.running()) {
                context.memory().enter(holding.memory(), this::tellHostShort);
                promised = holding.memory();
            }
            result = perform(left);
            return result;
        } finally {
            Ticket first = ticket;
            if (first != null) {
                context.admission().withdraw(first);
            }
            returnBootSlot();
            holding.settle(result, steps.current().filter(Step.Start.class::isInstance).isPresent(),
                    steps.vmmMayRun());
        }
    }

    private Outcome perform(List<Step> some) throws InterruptedException {
        interruption.act();
        return steps.perform(some);
    }

    /** How many steps it does before it waits for anything itself: to stop, or to close ports and write that down. */
    private int stepsThatOthersWaitFor() {
        boolean waited = context.stopsFirst(change.machine()) || context.isGiver(change.machine());
        List<Step> all = change.steps();
        if (waited && all.getFirst() instanceof Step.Stop) {
            return 1;
        }
        return waited && all.getFirst() instanceof Step.ClosePorts && all.get(1) instanceof Step.SaveSpec ? 2 : 0;
    }

    private void tellWaiting() {
        context.emit(new Event.Waiting(change.machine(), change.boots()
                ? "for its turn to boot, with " + context.demandOf(change).wanted() + " of the pool"
                : "for " + holding.missing() + " more of the pool"));
    }

    private void tellHostShort() {
        context.emit(new Event.Waiting(change.machine(),
                "for " + holding.memory().mib() + " MiB of the host's memory above the reserve"));
    }

    private void returnBootSlot() {
        if (holdsBootSlot) {
            holdsBootSlot = false;
            context.admission().returnSlot();
        }
        context.memory().leave(promised);
        promised = ByteSize.ZERO;
    }

    @Override
    public void started() {
        reached.reach(Condition.STARTED);
    }

    /**
     * To wait for a probe is no boot: it takes nothing of the host, and what it waits for may be machines that are still
     * to boot, such as the others of a quorum.
     */
    @Override
    public void booted(Probe probe) {
        returnBootSlot();
        if (!(probe instanceof Probe.Agent)) {
            context.emit(new Event.Waiting(change.machine(), "for `" + probe + "` to succeed"));
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}

package dev.provision.provisioner.watch;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.provision.hypervisor.DriverException;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetMachine;

/**
 * Converges a fleet, then again whenever something has happened: the manifest changes, a VMM ends, a machine's waiting is over,
 * or the time for a look at drift has come. A manifest that is wrong or does not fit leaves the last good fleet in force. What
 * cannot be done now is said, and tried again.
 */
public final class Watch {

    private final WatchedFleet world;
    private final Triggers triggers;
    private final InstantSource clock;
    private final Duration interval;
    private final Consumer<Event> listener;
    private final Setbacks setbacks;
    private final Bulletin bulletin;
    private Fleet good;
    private @Nullable Fleet candidate;
    private Optional<String> unusable = Optional.empty();
    private final long start = System.nanoTime();

    /** When this look began. What was due then is done in it; what falls due while it lasts is the next one's. */
    private Instant looked;

    /** The same by a clock that nobody sets: that pauses are counted by. */
    private Instant lookedSteady = Instant.EPOCH;

    /**
     * @param fleet
     *            what the manifest says now
     * @param interval
     *            between two looks at a fleet to which nothing happens
     */
    public Watch(WatchedFleet world, Fleet fleet, Triggers triggers, InstantSource clock, Duration interval,
            Consumer<Event> listener) {
        this.world = world;
        this.good = fleet;
        this.triggers = triggers;
        this.clock = clock;
        this.interval = interval;
        this.listener = listener;
        this.setbacks = new Setbacks(listener);
        this.bulletin = new Bulletin(listener);
        this.looked = clock.instant();
    }

    /** Goes on until it is told to stop. */
    public void run() throws InterruptedException {
        List<Trigger> happened = List.of();
        while (happened.stream().noneMatch(Trigger.Stop.class::isInstance)) {
            round(happened);
            happened = triggers.await(untilNextLook());
        }
    }

    private void round(List<Trigger> happened) throws InterruptedException {
        List<String> wrong = new ArrayList<>();
        looked = clock.instant();
        lookedSteady = steady();
        try {
            if (happened.stream().anyMatch(Trigger.Reread.class::isInstance) || world.isEdited()) {
                reread();
            }
            unusable.ifPresent(wrong::add);
            converge(wrong);
            setbacks.lost(world.follow()).forEach(world::ended);
        } catch (IOException | DriverException e) {
            wrong.add(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // Nobody heals the fleet when the watch is gone: it tries again.
            wrong.add("this look failed: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
        }
        if (!triggers.arePending()) { // else this is not how it is any more
            bulletin.tell(wrong, setbacks.running());
        }
    }

    private void reread() throws IOException {
        Optional<Fleet> read = world.read();
        Fleet edited = candidate == null ? good : candidate;
        unusable = Optional.empty();
        if (read.isEmpty()) {
            candidate = null;
            unusable = Optional.of("the manifest is wrong; the last good one stays in force");
        } else if (!read.get().name().equals(good.name())) {
            candidate = null;
            unusable = Optional.of("the manifest is of fleet " + read.get().name() + " now; fleet " + good.name()
                    + " stays as it was");
        } else if (!read.get().equals(edited)) {
            candidate = read.get().equals(good) ? null : read.get();
            setbacks.forget();
        }
    }

    private void converge(List<String> wrong) throws IOException, DriverException, InterruptedException {
        Fleet edited = candidate;
        if (edited != null) {
            Plan plan = plan(edited, wrong);
            if (!plan.isRefused()) {
                good = edited;
                candidate = null;
                execute(plan, wrong);
                return;
            }
            wrong.add("the manifest as it was edited is refused; the last good one stays in force");
            wrong.addAll(errors(plan));
        }
        Plan plan = plan(good, wrong);
        if (plan.isRefused()) {
            wrong.addAll(errors(plan));
            plan = healing(plan);
        }
        if (!plan.isRefused()) {
            execute(plan, wrong);
        }
    }

    /** Of a plan that is refused, as much as brings up again what has ended: one machine's trouble is not the others'. */
    private Plan healing(Plan refused) throws IOException, DriverException, InterruptedException {
        Set<String> all = refused.changes().stream().map(MachineChange::machine).collect(Collectors.toSet());
        Set<String> ended = refused.changes()
                .stream()
                .filter(MachineChange::revives)
                .map(MachineChange::machine)
                .collect(Collectors.toSet());
        ended.removeAll(setbacks.waiting(lookedSteady));
        Set<String> fit = new HashSet<>();
        for (String machine : ended) {
            if (!only(Set.of(machine), all).isRefused()) {
                fit.add(machine);
            }
        }
        return fit.isEmpty() ? refused : only(fit, all);
    }

    private Plan only(Set<String> machines, Set<String> all) throws IOException, DriverException, InterruptedException {
        Set<String> others = new TreeSet<>(all);
        others.removeAll(machines);
        return world.plan(good, others);
    }

    /** The plan without those that wait; who needs a person's word is wanted as it is until then, so it is healed too. */
    private Plan plan(Fleet fleet, List<String> wrong) throws IOException, DriverException, InterruptedException {
        Plan first = world.plan(fleet, setbacks.waiting(lookedSteady));
        Set<String> held = setbacks.leftAlone(first, lookedSteady, wrong);
        Set<String> unspoken = world.notAllowed(first);
        if (held.isEmpty() && unspoken.isEmpty()) {
            return first;
        }
        unspoken.forEach(
                machine -> wrong.add("what is to be done to " + machine + " needs a person's word (see --allow)"));
        held.addAll(setbacks.waiting(lookedSteady));
        Fleet asApplied = fleet;
        for (MachineChange change : first.actions()) {
            FleetMachine written = fleet.machines().get(change.machine());
            if (unspoken.contains(change.machine())) {
                if (written != null && change.applied().isPresent()) {
                    asApplied = asApplied.with(written, change.applied().get());
                } else {
                    held.add(change.machine());
                }
            }
        }
        Plan second = world.plan(asApplied, held);
        return held.addAll(world.notAllowed(second)) ? world.plan(asApplied, held) : second;
    }

    private static List<String> errors(Plan plan) {
        return plan.problems().stream().filter(Diagnostic::isError).map(Diagnostic::what).toList();
    }

    private void execute(Plan plan, List<String> wrong) throws IOException {
        setbacks.found(plan);
        plan.actions()
                .stream()
                .filter(MachineChange::isExpiry)
                .forEach(change -> listener.accept(new Event.Noticed(change.machine(),
                        change.reason() + "; it goes, its persistent disks are kept")));
        if (!plan.actions().isEmpty()) {
            Ledger ledger = world.execute(plan, untilNextLook());
            for (MachineChange change : plan.actions()) {
                Outcome outcome = ledger.outcomes().get(change.machine());
                if (outcome != null) {
                    setbacks.came(change, outcome, steady());
                    undone(change.machine(), outcome).ifPresent(wrong::add);
                }
            }
        }
        overdue(plan, wrong);
        plan.changes()
                .stream()
                .filter(change -> change.steps().isEmpty())
                .flatMap(change -> Stream.ofNullable(world.failedJobs().get(change.machine()))
                        .map(how -> change.machine() + ": its job " + how))
                .forEach(wrong::add);
        wrong.addAll(setbacks.reasons(lookedSteady));
    }

    private static Optional<String> undone(String machine, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done _ -> Optional.empty();
            case Outcome.Failed _ -> Optional.empty(); // it waits, and that is said
            case Outcome.Skipped skipped -> Optional.of(machine + ": " + skipped.reason());
            case Outcome.Unknown unknown -> Optional.of(machine + ": interrupted during " + unknown.during());
        };
    }

    /** Whose time was over when this look began and who nevertheless stays: only protected ones do. */
    private void overdue(Plan plan, List<String> wrong) {
        for (MachineChange change : plan.changes()) {
            Instant end = world.expiries().get(change.machine());
            if (end != null && !end.isAfter(looked) && !change.isExpiry() && !change.isOutOfScope()) {
                wrong.add(change.machine() + " expired at " + end + " and is protected");
            }
        }
    }

    /** What has fallen due since this look began is not waited for. */
    private Duration untilNextLook() {
        Stream<Duration> pauses = setbacks.next(lookedSteady).stream().map(due -> Duration.between(steady(), due));
        Stream<Duration> lives = world.expiries()
                .values()
                .stream()
                .filter(due -> due.isAfter(looked))
                .map(due -> Duration.between(clock.instant(), due));
        return Stream.concat(pauses, lives)
                .map(left -> left.plusMillis(1))
                .filter(left -> left.compareTo(interval) < 0)
                .min(Comparator.naturalOrder())
                .orElse(interval);
    }

    /** Since the watch began. */
    private Instant steady() {
        return Instant.EPOCH.plusNanos(System.nanoTime() - start);
    }
}

package dev.provision.provisioner.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Outcome;

/**
 * What has befallen each machine of a watched fleet: which were up and have ended, which could not be brought to where they
 * should be, which do not answer; and how long each is left alone for it. Pure: times are given.
 */
final class Setbacks {

    /** A host that swaps keeps a VMM from answering for seconds: who restarts it then makes that worse. */
    private static final int LOOKS_AT_A_MUTE_ONE = 3;

    /** So many looks in a row had no answer; the last one was at that time. */
    private record Silence(int looks, Instant last) {}

    private final Consumer<Event> listener;
    private final Backoff backoff = new Backoff();
    private final Set<String> up = new HashSet<>();
    private final Map<String, Silence> mute = new HashMap<>();
    private final Map<String, String> failures = new HashMap<>();
    private final Set<String> lost = new HashSet<>();

    /** Each end of a machine is told there. */
    Setbacks(Consumer<Event> listener) {
        this.listener = listener;
    }

    /** Who waits for its next try. */
    Set<String> waiting(Instant at) {
        return backoff.heldBack(at).keySet();
    }

    /** When the first waiting is over of those that wait at this time. */
    Optional<Instant> next(Instant at) {
        return backoff.next(at);
    }

    int running() {
        return up.size();
    }

    /** The manifest says something else now: what was is no reason to wait any more. */
    void forget() {
        backoff.forget();
    }

    /**
     * Who is left alone in this look though the plan would change it: who does not answer yet, and who has ended again and waits.
     *
     * @param at
     *            when the look began; several plans of one look count once
     * @param wrong
     *            gets what is to be said of those that do not answer
     */
    Set<String> leftAlone(Plan plan, Instant at, List<String> wrong) {
        Set<String> left = new TreeSet<>();
        mute.keySet()
                .retainAll(plan.actions().stream().filter(MachineChange::isMute).map(MachineChange::machine).toList());
        for (MachineChange change : plan.actions()) {
            if (change.isMute() && looksAt(change.machine(), at) < LOOKS_AT_A_MUTE_ONE) {
                wrong.add(change.machine() + ": " + change.reason());
                left.add(change.machine());
            } else if ((change.revives() || change.isMute()) && up.remove(change.machine())
                    && !ended(change, at).isZero()) {
                left.add(change.machine());
            }
        }
        return left;
    }

    private int looksAt(String machine, Instant at) {
        Silence silence = mute.get(machine);
        int looks = silence == null ? 1 : silence.looks() + (silence.last().equals(at) ? 0 : 1);
        mute.put(machine, new Silence(looks, at));
        return looks;
    }

    /** Says so, and how long it waits. */
    private Duration ended(MachineChange change, Instant at) {
        Duration pause = backoff.ended(change.machine(), at);
        failures.put(change.machine(), change.reason());
        listener.accept(new Event.Noticed(change.machine(), change.reason()
                + (pause.isZero() ? "" : "; it is started again in " + pause.toSeconds() + " s")));
        return pause;
    }

    /** Before a plan is executed: who runs, as it was found. */
    void found(Plan plan) {
        Set<String> running = plan.changes()
                .stream()
                .filter(MachineChange::running)
                .map(MachineChange::machine)
                .collect(Collectors.toSet());
        up.retainAll(running);
        up.addAll(running);
    }

    /** After a change was executed. */
    void came(MachineChange change, Outcome outcome, Instant now) {
        if (outcome instanceof Outcome.Failed failed) {
            failures.put(change.machine(), failed.what());
            backoff.failed(change.machine(), now);
        } else if (outcome instanceof Outcome.Done && change.boots()) {
            up.add(change.machine());
            lost.remove(change.machine());
        } else if (outcome instanceof Outcome.Done && change.wanted().isEmpty()) {
            up.remove(change.machine());
        }
    }

    /**
     * Of those that were up, who runs no more and was not known to.
     *
     * @param running
     *            whose VMM runs now
     */
    Set<String> lost(Set<String> running) {
        Set<String> gone = new TreeSet<>(up);
        gone.removeAll(running);
        Set<String> news = new TreeSet<>(gone);
        news.removeAll(lost);
        lost.clear();
        lost.addAll(gone);
        return news;
    }

    /** What is to be said of those that wait. */
    List<String> reasons(Instant at) {
        return waiting(at).stream()
                .map(machine -> machine + ": " + failures.getOrDefault(machine, "it has failed")
                        + "; it waits before the next try")
                .toList();
    }
}

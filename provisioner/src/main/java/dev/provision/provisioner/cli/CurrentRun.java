package dev.provision.provisioner.cli;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.convergence.Executor;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.watch.Trigger;

/**
 * The run that a watch is in the middle of. What happens to others meanwhile ends its waiting, for jobs, for room, and not its
 * work: who was not begun is planned anew. Thread-safe.
 */
final class CurrentRun {

    private static final String LATER = "something else has happened before its turn; it is planned anew";

    /** Machines that the run has still to do with: that their VMMs end is its own affair. */
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private @Nullable Executor executor;
    private boolean stopped;

    /** @param most for so long it waits for anything, at most */
    Ledger execute(Executor next, Plan plan, Duration most) {
        begin(next, plan);
        Thread timer = Thread.ofVirtual().start(() -> finishAfter(next, most));
        try {
            return next.execute();
        } finally {
            timer.interrupt();
            end();
        }
    }

    private synchronized void begin(Executor next, Plan plan) {
        executor = next;
        plan.actions().stream().map(MachineChange::machine).forEach(busy::add);
        if (stopped) {
            next.finish(Executor.INTERRUPTED);
        }
    }

    private synchronized void end() {
        executor = null;
        busy.clear();
    }

    private void finishAfter(Executor begun, Duration most) {
        try {
            Thread.sleep(most);
            begun.finish(LATER); // and not whichever runs by now
        } catch (InterruptedException e) {
            // The run has ended before.
        }
    }

    private synchronized void finish(String why) {
        Executor running = executor;
        if (running != null) {
            running.finish(why);
        }
    }

    /** Of the run: the machine it tells of is none of its affair any more. */
    void seen(Event event) {
        if (event instanceof Event.MachineEnded ended) {
            busy.remove(ended.machine());
        }
    }

    /** Of the world: the run makes room for it. */
    void happened(Trigger trigger) {
        switch (trigger) {
            case Trigger.VmmEnded ended -> {
                if (!busy.contains(ended.machine())) {
                    finish(LATER);
                }
            }
            case Trigger.Reread _ -> finish(LATER);
            case Trigger.Stop _ -> stop();
        }
    }

    private synchronized void stop() {
        stopped = true;
        finish(Executor.INTERRUPTED);
    }

    /** No run is begun any more, or to its end at once. */
    synchronized boolean isStopped() {
        return stopped;
    }
}

package dev.provision.provisioner.convergence;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.fleet.Condition;

/** How far one machine has come; others wait for it here. */
final class Milestones {

    /** The machine will not reach what somebody waits for. */
    static final class UnreachableException extends Exception {
        private final Outcome.Skipped outcome;

        UnreachableException(Outcome.Skipped outcome) {
            super(outcome.reason());
            this.outcome = outcome;
        }

        /** Of whoever waits for it. */
        Outcome.Skipped outcome() {
            return outcome;
        }
    }

    private final CompletableFuture<Void> letGo = new CompletableFuture<>();
    private final Map<Condition, CompletableFuture<Void>> reached = new EnumMap<>(Condition.class);

    Milestones() {
        for (Condition condition : Condition.values()) {
            reached.put(condition, new CompletableFuture<>());
        }
    }

    private CompletableFuture<Void> of(Condition condition) {
        return Objects.requireNonNull(reached.get(condition));
    }

    void reach(Condition condition) {
        of(condition).complete(null);
    }

    /** What has not been reached by now never will be. */
    void fail(Outcome.Skipped ofThoseThatWait) {
        reached.values().forEach(future -> future.completeExceptionally(new UnreachableException(ofThoseThatWait)));
    }

    void fail(String reason) {
        fail(new Outcome.Skipped(reason));
    }

    /** Of a machine that is up and was to become a job, but was left alone or ignores that: nobody must wait for ever. */
    void failCompletion(String machine) {
        fail("`" + machine + "` is no job and does not complete");
    }

    /** Whether there is nothing to wait for: it was reached, or never will be. */
    boolean isDecided(Condition condition) {
        return of(condition).isDone();
    }

    /** The machine has let go of what others take over from it, or never will. */
    void letGo() {
        letGo.complete(null);
    }

    boolean hasLetGo() {
        return letGo.isDone();
    }

    void awaitLetGo() throws InterruptedException {
        try {
            letGo.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("it is never failed", e);
        }
    }

    boolean isReached(Condition condition) {
        return of(condition).state() == Future.State.SUCCESS;
    }

    void await(Condition condition) throws UnreachableException, InterruptedException {
        try {
            of(condition).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UnreachableException unreachable
                    ? new UnreachableException(unreachable.outcome())
                    : new UnreachableException(new Outcome.Skipped(String.valueOf(e.getCause())));
        }
    }
}

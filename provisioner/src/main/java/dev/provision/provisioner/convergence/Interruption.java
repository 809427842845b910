package dev.provision.provisioner.convergence;

import org.jspecify.annotations.Nullable;

/**
 * Ends a machine's run where it waits, and leaves it alone where it acts: half of a restart would leave the machine down.
 * Asked while it acts, it ends before it waits again.
 */
final class Interruption {

    private @Nullable Thread runner;
    private boolean acting;
    private boolean requested;

    /** The calling thread waits from now on. */
    synchronized void begin() {
        runner = Thread.currentThread();
        if (requested) {
            runner.interrupt();
        }
    }

    /** The calling thread acts from now on. */
    synchronized void act() throws InterruptedException {
        if (requested) {
            throw new InterruptedException();
        }
        acting = true;
    }

    /** It waits again. */
    synchronized void rest() {
        acting = false;
        Thread current = runner;
        if (requested && current != null) {
            current.interrupt();
        }
    }

    /** It was interrupted in the middle of what it did. */
    synchronized boolean isActing() {
        return acting;
    }

    /** Nothing is to be interrupted any more: what is left is to tell others. */
    synchronized void end() {
        runner = null;
        if (requested && !acting) {
            boolean _ = Thread.interrupted(); // ours, that came too late
        }
    }

    synchronized void request() {
        requested = true;
        Thread current = runner;
        if (!acting && current != null) {
            current.interrupt();
        }
    }
}

package dev.provision.provisioner.convergence;

import org.jspecify.annotations.Nullable;

/**
 * Ends a machine's run that has not begun to act, and leaves it alone from then on: half of a restart would leave the machine
 * down, also where it waits for its room in the middle.
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

    /** The calling thread acts from now on, to its end. */
    synchronized void act() throws InterruptedException {
        if (requested && !acting) {
            throw new InterruptedException();
        }
        acting = true;
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

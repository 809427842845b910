package dev.provision.provisioner.convergence;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.capacity.ResourcePool.Automatic;
import dev.provision.schema.units.ByteSize;

/**
 * Holds boots back while the host has less memory available than they need above the reserve: the pool of a plan is what
 * there was when it was made, and others use the host too. A fixed pool is a budget that does not look at the host.
 */
final class MemoryGate {

    /** The host has not had the memory for as long as somebody would wait. */
    static final class HostShortException extends Exception {
        HostShortException(ByteSize needed, ByteSize available, ByteSize reserve) {
            super("the host has " + available.mib() + " MiB of memory available; it needs " + needed.mib()
                    + " MiB above the reserve of " + reserve.mib() + " MiB");
        }
    }

    private final Optional<Automatic> automatic;
    private final Supplier<ByteSize> available;
    private final Duration patience;
    private final Duration pause;
    private ByteSize promised = ByteSize.ZERO;

    /**
     * @param available
     *            memory that new processes can have now
     * @param patience
     *            how long a boot waits, while no other of ours boots, before it is given up
     * @param pause
     *            between two looks
     */
    MemoryGate(ResourcePool pool, Supplier<ByteSize> available, Duration patience, Duration pause) {
        this.automatic = pool.automatic();
        this.available = available;
        this.patience = patience;
        this.pause = pause;
    }

    /** Returns when there is room, to {@link #leave} with the same size when the guest has taken its memory or has not. */
    void enter(ByteSize needed, Runnable whenWaiting) throws HostShortException, InterruptedException {
        if (automatic.isEmpty()) {
            return;
        }
        long deadline = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (!admits(needed)) {
            if (isOursBooting()) {
                deadline = System.nanoTime() + patience.toNanos(); // what they take shows when they are up
            } else if (System.nanoTime() - deadline >= 0) {
                throw new HostShortException(needed, available.get(), automatic.get().reserve());
            }
            if (!told) {
                whenWaiting.run();
                told = true;
            }
            Thread.sleep(pause);
        }
    }

    /** What machines that still boot will take is not in the host's figures yet. */
    private synchronized boolean admits(ByteSize needed) {
        Automatic by = automatic.orElseThrow();
        ByteSize room = available.get().minusOrZero(by.reserve()).times(by.overcommit()).minusOrZero(promised);
        if (needed.compareTo(room) > 0) {
            return false;
        }
        promised = promised.plus(needed);
        return true;
    }

    private synchronized boolean isOursBooting() {
        return !promised.isZero();
    }

    synchronized void leave(ByteSize needed) {
        if (automatic.isPresent()) {
            promised = promised.minusOrZero(needed);
        }
    }
}

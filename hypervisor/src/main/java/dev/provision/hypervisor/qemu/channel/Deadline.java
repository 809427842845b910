package dev.provision.hypervisor.qemu.channel;

import java.time.Duration;

/** A point in time by the monotonic clock, so that setting the host's clock neither shortens nor stretches a wait. */
public final class Deadline {
    /** Longer waits overflow a clock of nanoseconds, after 292 years. */
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final long nanos;
    private final Duration allowed;

    private Deadline(long nanos, Duration allowed) {
        this.nanos = nanos;
        this.allowed = allowed;
    }

    public static Deadline in(Duration duration) {
        Duration counted = duration.compareTo(FOREVER) < 0 ? duration : FOREVER;
        return new Deadline(System.nanoTime() + counted.toNanos(), duration);
    }

    /** This deadline, or one in {@code duration} when that is earlier. */
    public Deadline orIn(Duration duration) {
        Deadline other = in(duration);
        return other.nanos - nanos < 0 ? other : this;
    }

    public boolean passed() {
        return remaining().isZero();
    }

    /** Zero when it has passed. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    /** How long the wait was to last when it began. */
    public Duration allowed() {
        return allowed;
    }

    /** Sleeps {@code pause} or until the deadline, whichever comes first. */
    public void pause(Duration pause) throws InterruptedException {
        Duration left = remaining();
        Thread.sleep(left.compareTo(pause) < 0 ? left : pause);
    }
}

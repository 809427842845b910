package dev.provision.provisioner.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/** What has happened since the watch looked last. Many threads add, the watch takes. */
public final class Triggers implements Consumer<Trigger> {

    /** What belongs together arrives together: an editor's save, the end of several VMMs. */
    private static final Duration TOGETHER = Duration.ofMillis(100);

    private final BlockingQueue<Trigger> queue = new LinkedBlockingQueue<>();

    @Override
    public void accept(Trigger trigger) {
        queue.add(trigger);
    }

    /** Something has happened to the fleet that nobody has looked at yet. */
    boolean arePending() {
        return queue.stream().anyMatch(trigger -> !(trigger instanceof Trigger.Stop));
    }

    /** All that has happened, as soon as something has; nothing when the time is over before. */
    List<Trigger> await(Duration most) throws InterruptedException {
        List<Trigger> all = new ArrayList<>();
        @Nullable
        Trigger first = queue.poll(Math.max(0, most.toMillis()), TimeUnit.MILLISECONDS);
        if (first != null) {
            all.add(first);
            if (!(first instanceof Trigger.Stop)) {
                Thread.sleep(TOGETHER);
            }
            queue.drainTo(all);
        }
        return all;
    }
}

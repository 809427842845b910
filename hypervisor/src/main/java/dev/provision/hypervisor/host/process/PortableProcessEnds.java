package dev.provision.hypervisor.host.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * By the JDK, where there is no pidfd: kqueue(2) on macOS. On a Linux before 5.3 the JDK polls, at most three times a second.
 */
final class PortableProcessEnds implements ProcessEnds {

    private final List<CompletableFuture<?>> followed = new ArrayList<>();

    @Override
    public synchronized void follow(ProcessIdentity process, Runnable whenEnded) {
        Optional<ProcessHandle> handle = ProcessHandle.of(process.pid());
        CompletableFuture<?> end = handle.isPresent() ? handle.get().onExit().thenRun(whenEnded)
                : CompletableFuture.runAsync(whenEnded);
        followed.removeIf(CompletableFuture::isDone);
        followed.add(end);
    }

    @Override
    public synchronized void close() {
        followed.forEach(end -> end.cancel(false));
    }
}

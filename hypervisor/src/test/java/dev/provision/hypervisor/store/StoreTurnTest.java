package dev.provision.hypervisor.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class StoreTurnTest {

    @TempDir
    private Path folder = Path.of("");

    private Path file() {
        return folder.resolve("state/bridges.lock");
    }

    /** What became of it: nothing, or why it has failed. */
    private Thread takes(AtomicReference<@Nullable Exception> failure) {
        return Thread.ofPlatform().start(() -> {
            try (StoreTurn _ = StoreTurn.take(file())) {
                // Had it.
            } catch (IOException | InterruptedException e) {
                failure.set(e);
            }
        });
    }

    @Test
    void oneThreadAtATimeAndWhoWaitsCanBeInterrupted() throws Exception {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (StoreTurn _ = StoreTurn.take(file()); StoreTurn _ = StoreTurn.take(folder.resolve("another"))) {
            Thread waits = takes(failure);
            assertFalse(waits.join(Duration.ofMillis(100)));
            waits.interrupt();
            assertTrue(waits.join(Duration.ofSeconds(10)));
            assertInstanceOf(InterruptedException.class, failure.get());
        }
        StoreTurn.take(file()).close();
    }

    @Test
    void oneProcessAtATimeAndItsTurnEndsWithIt() throws Exception {
        Process holder = new ProcessBuilder(List.of(ProcessHandle.current().info().command().orElseThrow(), "-cp",
                System.getProperty("java.class.path", ""), Holder.class.getName(), file().toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        try (BufferedReader output = holder.inputReader()) {
            assertEquals("held", output.readLine());
            Thread interrupted = takes(failure);
            assertFalse(interrupted.join(Duration.ofMillis(200)));
            interrupted.interrupt();
            assertTrue(interrupted.join(Duration.ofSeconds(10)));
            assertInstanceOf(InterruptedException.class, failure.getAndSet(null));
        } finally {
            holder.destroyForcibly().waitFor();
        }
        assertTrue(takes(failure).join(Duration.ofSeconds(10)));
        assertNull(failure.get());
    }

    /** The other process. */
    static final class Holder {
        private Holder() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) throws IOException, InterruptedException {
            try (StoreTurn _ = StoreTurn.take(Path.of(arguments[0]))) {
                System.out.println("held");
                Thread.sleep(60_000);
            }
        }
    }
}

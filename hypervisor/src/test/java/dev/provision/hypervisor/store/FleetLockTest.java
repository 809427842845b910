package dev.provision.hypervisor.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@SuppressWarnings("try") // locks are only held
class FleetLockTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private StoreLayout layout() {
        return new StoreLayout(folder.resolve("state"), folder.resolve("run"));
    }

    @Test
    void onlyOneAtATime() throws Exception {
        try (FleetLock lock = FleetLock.acquire(layout(), "ci-lab", "apply a.yaml", NOW);
                FleetLock elsewhere = FleetLock.acquire(layout(), "other", "apply b.yaml", NOW)) {
            var e = assertThrows(FleetLockedException.class,
                    () -> FleetLock.acquire(layout(), "ci-lab", "destroy", NOW));
            assertTrue(e.holder().endsWith(", since 2026-01-02T03:04:05Z: apply a.yaml"), e.holder());
        }
        FleetLock.acquire(layout(), "ci-lab", "destroy", NOW).close();
    }

    @Test
    void leavesNothingOfAFleetThatHasNothing() throws Exception {
        FleetLock.acquire(layout(), "ci-lab", "destroy", NOW).close();
        assertTrue(Files.notExists(layout().fleetDir("ci-lab")));
        Files.createDirectories(layout().storageDir("ci-lab"));
        Files.createDirectories(layout().machinesDir("ci-lab"));
        FleetLock.acquire(layout(), "ci-lab", "destroy", NOW).close();
        assertTrue(Files.notExists(layout().fleetDir("ci-lab")));
        Files.createFile(Files.createDirectories(layout().storageDir("ci-lab")).resolve("db.img"));
        FleetLock.acquire(layout(), "ci-lab", "destroy", NOW).close();
        assertTrue(Files.exists(layout().lockFile("ci-lab")), "who waits for the fleet's storage finds the same lock");
    }

    /** A second Ctrl-C comes at any time. */
    @Test
    void isGivenBackInOrderByWhoIsInterrupted() throws Exception {
        FleetLock lock = FleetLock.acquire(layout(), "ci-lab", "apply", NOW);
        Files.createDirectories(layout().machinesDir("ci-lab"));
        Thread.currentThread().interrupt();
        lock.close();
        assertTrue(Thread.interrupted(), "it still is");
        assertTrue(Files.notExists(layout().fleetDir("ci-lab")));
    }

    /** Another process has it; killed, it has it no longer. */
    @Test
    void endsWithItsProcess() throws Exception {
        Process holder = new ProcessBuilder(List.of(ProcessHandle.current().info().command().orElseThrow(), "-cp",
                System.getProperty("java.class.path", ""), Holder.class.getName(), folder.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = holder.inputReader()) {
            assertEquals("held", output.readLine());
            var e = assertThrows(FleetLockedException.class,
                    () -> FleetLock.acquire(layout(), "ci-lab", "destroy", NOW));
            assertTrue(e.holder().startsWith("pid " + holder.pid() + ", "), e.holder());
        } finally {
            holder.destroyForcibly().waitFor();
        }
        FleetLock.acquire(layout(), "ci-lab", "destroy", NOW).close();
    }

    /** The other process. */
    static final class Holder {
        private Holder() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) throws IOException, FleetLockedException, InterruptedException {
            Path folder = Path.of(arguments[0]);
            try (FleetLock lock = FleetLock.acquire(new StoreLayout(folder.resolve("state"), folder.resolve("run")),
                    "ci-lab", "apply", NOW)) {
                System.out.println("held");
                Thread.sleep(60_000);
            }
        }
    }
}

package dev.provision.hypervisor.host.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.host.libc.Errno;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Ends of processes are told at once, each to who asked, and leave no descriptor open. */
@Timeout(60)
class ProcessEndsTest {

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
    }

    private Process sleeper() throws IOException {
        Process process = new ProcessBuilder("sleep", "600").start();
        started.add(process);
        return process;
    }

    private static ProcessIdentity identity(Process process) throws IOException {
        return Processes.ofThisHost().find(process.pid()).orElseThrow().identity();
    }

    @Test
    void endIsToldAtOnce() throws Exception {
        Process first = sleeper();
        Process second = sleeper();
        CountDownLatch firstEnded = new CountDownLatch(1);
        CountDownLatch secondEnded = new CountDownLatch(1);
        try (ProcessEnds ends = ProcessEnds.ofThisHost(Processes.ofThisHost())) {
            ends.follow(identity(first), firstEnded::countDown);
            ends.follow(identity(second), secondEnded::countDown);
            assertFalse(firstEnded.await(50, TimeUnit.MILLISECONDS));
            first.destroyForcibly();
            assertTrue(firstEnded.await(5, TimeUnit.SECONDS));
            assertEquals(1, secondEnded.getCount());
            second.destroyForcibly();
            assertTrue(secondEnded.await(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void whoHasEndedBeforeIsToldToo() throws Exception {
        Process process = sleeper();
        ProcessIdentity identity = identity(process);
        process.destroyForcibly().waitFor();
        CountDownLatch ended = new CountDownLatch(1);
        try (ProcessEnds ends = ProcessEnds.ofThisHost(Processes.ofThisHost())) {
            ends.follow(identity, ended::countDown);
            assertTrue(ended.await(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void numberThatBelongsToAnotherProcessNowHasEnded() throws Exception {
        Process process = sleeper();
        CountDownLatch ended = new CountDownLatch(1);
        try (ProcessEnds ends = ProcessEnds.ofThisHost(Processes.ofThisHost())) {
            ends.follow(new ProcessIdentity(process.pid(), "another start"), ended::countDown);
            assertTrue(ended.await(5, TimeUnit.SECONDS));
        }
    }

    /** Too many files are open: that says nothing of the process. */
    @Test
    void whoCannotBeFollowedYetIsNotTakenForEnded() throws Exception {
        assumeTrue(Processes.ofThisHost() instanceof LinuxProcesses && LinuxProcessEnds.isPossible(), "no pidfds here");
        Process process = sleeper();
        CountDownLatch ended = new CountDownLatch(1);
        AtomicInteger refusals = new AtomicInteger();
        try (ProcessEnds ends = new LinuxProcessEnds(LinuxProcesses.ofThisHost(),
                pid -> refusals.incrementAndGet() <= 2 ? -Errno.EMFILE : PidFd.open(pid))) {
            ends.follow(identity(process), ended::countDown);
            await().atMost(Duration.ofSeconds(20)).until(() -> refusals.get() > 2);
            assertFalse(ended.await(100, TimeUnit.MILLISECONDS), "it lives");
            process.destroyForcibly();
            assertTrue(ended.await(5, TimeUnit.SECONDS));
            assertEquals(3, refusals.get(), "followed from then on");
        }
    }

    /** A descriptor could be had, and then /proc could not be read. */
    @Test
    void whoCannotBeLookedAtIsNotTakenForEnded(@TempDir Path noProc) throws Exception {
        assumeTrue(Processes.ofThisHost() instanceof LinuxProcesses && LinuxProcessEnds.isPossible(), "no pidfds here");
        Process process = sleeper();
        CountDownLatch ended = new CountDownLatch(1);
        try (ProcessEnds ends = new LinuxProcessEnds(new LinuxProcesses(noProc, "boot"))) {
            ends.follow(identity(process), ended::countDown);
            assertFalse(ended.await(1200, TimeUnit.MILLISECONDS), "it lives");
            process.destroyForcibly();
            assertTrue(ended.await(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void leavesNoDescriptorOpen() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "no /proc here");
        try (ProcessEnds ends = ProcessEnds.ofThisHost(Processes.ofThisHost())) {
            ends.follow(identity(sleeper()), () -> {});
            assertTrue(pidfds(descriptors) > 0 || !LinuxProcessEnds.isPossible());
        }
        await().atMost(Duration.ofSeconds(5)).until(() -> pidfds(descriptors) == 0);
    }

    private static long pidfds(Path descriptors) throws IOException {
        try (Stream<Path> files = Files.list(descriptors)) {
            return files.filter(file -> {
                try {
                    return Files.readSymbolicLink(file).toString().contains("pidfd");
                } catch (IOException e) {
                    return false;
                }
            }).count();
        }
    }
}

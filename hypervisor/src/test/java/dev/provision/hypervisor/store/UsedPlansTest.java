package dev.provision.hypervisor.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class UsedPlansTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path dir;

    @Test
    void onlyWhatWasAppliedIsUsed() throws Exception {
        assertEquals(Optional.empty(), used().when("abc"));
        assertFalse(Files.exists(dir.resolve("state")), "to look makes nothing");
        assertTrue(used().add("abc", NOON));
        assertEquals(Optional.of(NOON), used().when("abc"));
        assertEquals(Optional.empty(), used().when("ab"));
        assertFalse(used().add("abc", NOON.plusSeconds(1)), "nobody applies it again");
        assertEquals(Optional.of(NOON), used().when("abc"));
    }

    @Test
    void whatAPowerFailureLeftEmptyIsUsedToo() throws Exception {
        assertTrue(used().add("abc", NOON));
        Files.writeString(dir.resolve("state/plans-used/abc"), "");
        assertEquals(Optional.of(Instant.EPOCH), used().when("abc"));
    }

    @Test
    void theOldestAreForgotten() throws Exception {
        assertTrue(used().add("first", NOON));
        Path plans = dir.resolve("state/plans-used");
        for (int i = 0; i < 1_001; i++) {
            Path file = Files.writeString(plans.resolve("plan-" + i), NOON.toString());
            Files.setLastModifiedTime(file, FileTime.from(NOON.plusSeconds(i)));
        }
        Files.setLastModifiedTime(plans.resolve("first"), FileTime.from(NOON.minusSeconds(1)));
        assertTrue(used().add("new", NOON));
        try (Stream<Path> files = Files.list(plans)) {
            assertEquals(1_000, files.count());
        }
        assertEquals(Optional.empty(), used().when("first"));
        assertEquals(Optional.empty(), used().when("plan-1"));
        assertEquals(Optional.of(NOON), used().when("plan-2"));
        assertEquals(Optional.of(NOON), used().when("new"));
    }

    @Test
    void fleetsAppliedAtTheSameTimeLoseNothingAndOneOfManyAppliesAPlan() throws Exception {
        List<Callable<Boolean>> applies = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            String own = "own-" + i;
            applies.add(() -> used().add(own, NOON));
            applies.add(() -> used().add("shared", NOON));
        }
        int won = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Boolean> added : threads.invokeAll(applies)) {
                won += added.get() ? 1 : 0;
            }
        }
        assertEquals(65, won);
        for (int i = 0; i < 64; i++) {
            assertEquals(Optional.of(NOON), used().when("own-" + i));
        }
    }

    private UsedPlans used() {
        return new UsedPlans(new StoreLayout(dir.resolve("state"), dir.resolve("run")));
    }
}

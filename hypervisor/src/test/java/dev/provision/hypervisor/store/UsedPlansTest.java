package dev.provision.hypervisor.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class UsedPlansTest {

    @TempDir
    Path dir;

    @Test
    void onlyWhatWasAppliedIsUsedAndTheNewestAreRemembered() throws Exception {
        StoreLayout layout = new StoreLayout(dir.resolve("state"), dir.resolve("run"));
        assertEquals(Optional.empty(), new UsedPlans(layout).when("abc"));
        assertFalse(Files.exists(dir.resolve("state")), "to look makes nothing");
        Instant now = Instant.parse("2026-11-21T12:00:00Z");
        new UsedPlans(layout).add("abc", now);
        assertEquals(Optional.of(now), new UsedPlans(layout).when("abc"));
        assertEquals(Optional.empty(), new UsedPlans(layout).when("ab"));
        Files.writeString(dir.resolve("state/plans-used"), "x y\n".repeat(1_500));
        assertEquals(Optional.of(Instant.EPOCH), new UsedPlans(layout).when("x"));
        new UsedPlans(layout).add("new", now);
        assertEquals(1_000, Files.readAllLines(dir.resolve("state/plans-used")).size());
        assertEquals(Optional.of(now), new UsedPlans(layout).when("new"));
    }
}

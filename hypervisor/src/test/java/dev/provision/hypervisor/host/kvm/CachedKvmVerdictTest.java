package dev.provision.hypervisor.host.kvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.host.kvm.KvmVerdict.Cause;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class CachedKvmVerdictTest {

    private static final KvmVerdict USABLE = new KvmVerdict.Usable(Duration.ofNanos(61_234),
            new KvmLimits(8, 1024, OptionalLong.of(2_596_136), OptionalInt.empty()));

    @TempDir
    Path directory;

    private final AtomicInteger tests = new AtomicInteger();

    private Path file() {
        return directory.resolve("new/kvm-verdict");
    }

    private KvmVerdict get(String identity, KvmVerdict tested) {
        return get(file(), Optional.of(identity), tested);
    }

    private KvmVerdict get(Path file, Optional<String> identity, KvmVerdict tested) {
        return new CachedKvmVerdict(file, identity, () -> {
            tests.incrementAndGet();
            return tested;
        }).get();
    }

    @Test
    void testsOncePerIdentity() {
        assertEquals(USABLE, get("boot 1", USABLE));
        assertEquals(USABLE, get("boot 1", USABLE));
        assertEquals(1, tests.get());
        get("boot 2", USABLE);
        assertEquals(2, tests.get());
        var names = Arrays.asList(Objects.requireNonNull(directory.resolve("new").toFile().list()));
        assertEquals(1, names.size(), "no temporary file stays: " + names);
    }

    @Test
    void everyKindOfVerdictSurvives() {
        var limits = new KvmLimits(4, 4, OptionalLong.empty(), OptionalInt.of(44));
        var untested = new KvmVerdict.Untested("why = not: é\nline", limits);
        var slow = new KvmVerdict.Unusable(Cause.TOO_SLOW, "reason # \\", "Remedy `x`.");
        for (var verdict : new KvmVerdict[]{USABLE, untested, slow}) {
            assertEquals(Optional.of(verdict), KvmVerdictText.parse(KvmVerdictText.format(verdict, "id"), "id"));
        }
    }

    @Test
    void passingTroublesAreNotKept() {
        for (var cause : new Cause[]{Cause.BUSY, Cause.NO_PERMISSION, Cause.TIMED_OUT, Cause.MISSING}) {
            get("boot", new KvmVerdict.Unusable(cause, "r", "R."));
        }
        assertEquals(4, tests.get());
        assertFalse(Files.exists(file()));
    }

    @Test
    void damagedFilesOnlyCostTheTest() throws IOException {
        get("boot", USABLE);
        var good = Files.readString(file());
        for (var damage : new String[]{"", "\\u12", good.replace("1024", "many"), good.replace("usable", "fine"),
            good.replace("format=1", "format=2"), "x".repeat(100_000)}) {
            Files.writeString(file(), damage);
            var before = tests.get();
            assertEquals(USABLE, get("boot", USABLE));
            assertEquals(before + 1, tests.get(), damage);
        }
    }

    @Test
    void unwritablePlacesOnlyCostTheTest() throws IOException {
        var blocker = Files.createFile(directory.resolve("file"));
        assertEquals(USABLE, get(blocker.resolve("below/a/file"), Optional.of("boot"), USABLE));
        assertEquals(USABLE, get(directory, Optional.of("boot"), USABLE));
        assertEquals(USABLE, get(Path.of("/"), Optional.of("boot"), USABLE));
    }

    @Test
    void withoutAnIdentityNothingIsKept() {
        get(file(), Optional.empty(), USABLE);
        assertFalse(Files.exists(file()));
    }

    @Test
    void modulesAreNamedWithTheirChecksum() throws IOException {
        Files.createDirectories(directory.resolve("kvm"));
        Files.createDirectories(directory.resolve("ext4"));
        Files.writeString(Files.createDirectories(directory.resolve("kvm_amd")).resolve("srcversion"), "ABC\n");
        assertEquals("kvm@ kvm_amd@ABC", KvmIdentity.modules(directory));
    }
}

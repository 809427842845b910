package dev.provision.schema.fleet;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.CanonicalForm.ChangedDefault;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Machines keep the defaults that they were made with, where nobody writes otherwise. */
class CanonicalFormTest {

    /** The timeout was 60 s, from version 2 on 90 s, from version 3 on 120 s; shm was 64 MiB, from version 2 on half the memory. */
    private static final CanonicalForm FORM = new CanonicalForm(3,
            List.of(timeout(3, 90), timeout(2, 60),
                    new ChangedDefault(2, "resources.shm", spec -> spec.with(withShm(spec.resources())))));

    private static ChangedDefault timeout(int since, int seconds) {
        return new ChangedDefault(since, "ready.timeout",
                spec -> spec.with(new ReadyCheck(spec.ready().probe(), Duration.ofSeconds(seconds))));
    }

    private static Resources withShm(Resources r) {
        return new Resources(r.cpus(), r.placement(), r.memory(), r.swap(), r.overlay(), r.storage(), r.disks(),
                r.io(), ByteSize.ofMib(64), r.gpu(), r.devices());
    }

    private static FleetMachine machine(String sections, String keys) {
        Problems problems = new Problems();
        Fleet fleet = ManifestReader
                .read(new SourceText("m.yaml",
                        "version: 1\nfleet: lab\n" + sections + "\nmachines: {a: {" + keys + "}}"),
                        problems)
                .orElseThrow(() -> new AssertionError(problems.sorted()));
        return Objects.requireNonNull(fleet.machines().get("a"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // in the entry, a profile, the defaults; as a long, a short form, by another name
        "'' | '' | image | false", "'' | image: builtin | image | true",
        "'defaults: {image: builtin}' | '' | image | true",
        "'profiles: {p: {image: builtin}}' | profile: p | image | true",
        "'profiles: {p: {image: builtin}}' | '' | image | false",
        "'' | resources: {memory: 1GiB} | resources.memory.limit | true",
        "'' | resources: {memory: 1GiB} | resources.memory.max | false",
        "'' | resources: {memory: [1GiB, 2GiB]} | resources.memory.request | true",
        "'' | resources: {memoryMb: 1024} | resources.memory | true",
        "'' | resources: {memory: 1GiB} | resources.shm | false",
        "'' | 'ready: {tcp: 1}' | ready.timeout | false", "'' | 'ready: {timeout: 1s}' | ready.timeout | true",
        // a null takes away
        "'defaults: {image: builtin}' | image: ~ | image | false", "'defaults: {image: ~}' | '' | image | false"})
    void isWritten(String sections, String keys, String path, boolean written) {
        assertEquals(written, machine(sections, keys).origin().writes(path));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // made with, had, written now, has then
        "1 | 60 | '' | 60", "2 | 90 | '' | 90", "3 | 120 | '' | 120",
        "1 | 60 | 'ready: {timeout: 120s}' | 120", "1 | 60 | 'ready: {timeout: 60s}' | 60",
        "1 | 60 | 'ready: {tcp: 1}' | 60",
        // it had what somebody wrote, not the default of its time; of a version to come, nothing is known
        "1 | 30 | '' | 120", "1 | 90 | '' | 120", "2 | 60 | '' | 120", "3 | 60 | '' | 120", "4 | 60 | '' | 120"})
    void keptUntilItIsWritten(int madeWith, int had, String keys, int seconds) {
        FleetMachine now = machine("", keys);
        MachineSpec applied = machine("", "ready: {timeout: " + had + "s}").spec();
        assertEquals(Duration.ofSeconds(seconds),
                FORM.asMade(now.spec(), now.origin(), applied, madeWith).ready().timeout());
    }

    @Test
    void nothingElseIsTakenFromWhatWasApplied() {
        FleetMachine now = machine("", "image: debian, resources: {memory: 2GiB}");
        MachineSpec applied = machine("", "resources: {memory: 1GiB, shm: 64MiB}, ready: {timeout: 60s}").spec();
        MachineSpec expected = machine("",
                "image: debian, resources: {memory: 2GiB, shm: 64MiB}, ready: {timeout: 60s}").spec();
        assertEquals(expected, FORM.asMade(now.spec(), now.origin(), applied, 1));
    }

    @Test
    void aTableThatContradictsItsVersionIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new CanonicalForm(1, List.of(timeout(2, 60))));
        assertThrows(IllegalArgumentException.class, () -> new CanonicalForm(2, List.of(timeout(1, 60))));
        assertThrows(IllegalArgumentException.class, () -> new CanonicalForm(0, List.of()));
    }
}

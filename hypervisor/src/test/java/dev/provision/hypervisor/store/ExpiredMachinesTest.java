package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.provision.hypervisor.store.MachineStoreTest.FULL;
import static dev.provision.hypervisor.store.MachineStoreTest.SPEC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ExpiredMachinesTest {

    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private StoreLayout layout() {
        return new StoreLayout(folder.resolve("state"), folder.resolve("run"));
    }

    @Test
    void whatIsNotedIsReadAgainUntilItIsForgotten() throws Exception {
        ExpiredMachines machines = new ExpiredMachines(layout());
        assertEquals(Map.of(), machines.of("lab"));
        machines.note("lab", new ExpiredMachine(SPEC, AT));
        assertEquals(Map.of(SPEC.name(), new ExpiredMachine(SPEC, AT)), new ExpiredMachines(layout()).of("lab"));
        assertEquals(Map.of(), machines.of("other"));
        machines.forget("lab", SPEC.name());
        assertEquals(Map.of(), machines.of("lab"));
        FleetLock.acquire(layout(), "lab", "destroy", AT).close();
        assertFalse(Files.exists(layout().fleetDir("lab")), "nothing is left of it");
    }

    @Test
    void aDamagedNoteIsNone() throws IOException {
        ExpiredMachines machines = new ExpiredMachines(layout());
        machines.note("lab", new ExpiredMachine(SPEC, AT));
        Path note = layout().expiredDir("lab").resolve(SPEC.name() + ".json");
        assertTrue(Files.isRegularFile(note));
        Files.writeString(note, Files.readString(note).substring(0, 20));
        assertEquals(Map.of(), machines.of("lab"));
    }

    @Test
    void aRecordWithoutATimeOfBirthHasThatOfItsStart() throws IOException {
        assertEquals(Optional.empty(), FULL.createdAt());
        Instant started = FULL.vmm().orElseThrow().startedAt();
        assertEquals(Optional.of(started), FULL.bornAt());
        MachineRecord later = FULL.withVmm(FULL.vmm().orElseThrow().ready());
        assertEquals(Optional.of(started), later.createdAt(), "and keeps it over later starts");
        MachineRecord made = MachineRecord.created(FULL.id(), SPEC, AT);
        MachineStore store = new MachineStore(layout());
        store.save(made);
        assertEquals(Optional.of(AT), store.find(FULL.id()).orElseThrow().bornAt());
        assertEquals(Optional.of(AT), made.withVmm(FULL.vmm().orElseThrow()).bornAt());
    }
}

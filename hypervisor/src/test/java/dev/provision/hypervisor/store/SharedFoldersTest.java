package dev.provision.hypervisor.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.MachineId;
import dev.provision.schema.fleet.MachineSpec;

import static dev.provision.hypervisor.store.MachineStoreTest.FULL;
import static dev.provision.hypervisor.store.MachineStoreTest.SPEC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Machines of one fleet, and fleets of one store, that come and go at the same time share folders. */
class SharedFoldersTest {
    private static final int WORKERS = 6;
    private static final int ROUNDS = 60;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void machinesOfAFleetComeAndGoBesideEachOther() throws Exception {
        MachineStore store = new MachineStore(layout(), (_, _) -> true);
        atTheSameTime(worker -> {
            MachineId id = new MachineId("lab", "m" + worker);
            MachineRecord record = running(id);
            store.save(record);
            Path disk = store.layout().machine(id).storage();
            PrivateFiles.makeDirectories(disk.resolveSibling("").normalize());
            PrivateFiles.ensure(disk);
            Files.delete(store.layout().machine(id).record());
            assertEquals(Optional.of(record), store.find(id), "by its copy");
            store.remove(id, true);
            assertEquals(Optional.empty(), store.find(id));
        });
    }

    @Test
    void fleetsComeAndGoBesideEachOther() throws Exception {
        MachineStore store = new MachineStore(layout());
        atTheSameTime(worker -> {
            MachineId id = new MachineId("lab" + worker, "m");
            try (FleetLock _ = FleetLock.acquire(layout(), id.fleet(), "apply", Instant.now())) {
                store.save(running(id));
                assertTrue(Files.exists(store.layout().recordCopy(id)));
                store.remove(id, true);
            }
            assertTrue(Files.notExists(layout().fleetDir(id.fleet())));
        });
    }

    private StoreLayout layout() {
        return new StoreLayout(folder.resolve("state"), folder.resolve("run"));
    }

    private static MachineRecord running(MachineId id) {
        MachineSpec spec = SPEC.named(id.name());
        return new MachineRecord(id, spec, Desired.RUNNING, FULL.vmm(), FULL.canonicalForm());
    }

    /** What each worker does again and again. */
    private interface Work {
        void of(int worker) throws Exception;
    }

    private static void atTheSameTime(Work work) throws Exception {
        try (ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int worker = 0; worker < WORKERS; worker++) {
                int number = worker;
                tasks.add(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        work.of(number);
                    }
                    return true;
                });
            }
            for (Future<Boolean> done : workers.invokeAll(tasks)) {
                assertTrue(done.get());
            }
        }
    }
}

package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.process.ObservedProcess;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.host.process.ProcessSignal;
import dev.provision.hypervisor.host.process.Processes;
import dev.provision.hypervisor.host.process.SignalOutcome;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.store.Desired;
import dev.provision.hypervisor.store.FleetLock;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.hypervisor.store.VmmRecord;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.observed.Booted;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** A machine is looked at while another command starts it. */
@Timeout(60)
class SightingTest {

    private static final MachineId ID = new MachineId("lab", "web");
    private static final Instant NOW = Instant.parse("2026-11-22T04:05:06Z");
    private static final ProcessIdentity VMM = new ProcessIdentity(4711, "boot:1");
    private static final VmmRecord STARTING = VmmRecord.starting(
            new Booted(Accelerator.TCG, "microvm", 1, ByteSize.ofMib(256), "ab".repeat(32)), "builtin", NOW, List.of());

    @TempDir
    private Path folder = Path.of("");

    private StoreLayout layout = new StoreLayout(folder, folder);
    private MachineStore store = new MachineStore(layout);

    @BeforeEach
    void open() {
        layout = new StoreLayout(folder.resolve("state"), folder.resolve("run"));
        store = new MachineStore(layout);
    }

    /** A host on which the machine's VMM runs. */
    private VmmProcesses host() {
        List<String> argv = List.of("qemu", "-name", ID.toString(), "-uuid", ID.uuid().toString(), "-chardev",
                "socket,id=qmp,path=" + layout.machine(ID).qmpSocket() + ",server=on");
        return new VmmProcesses(new Processes() {
            @Override
            public Optional<ObservedProcess> find(long pid) {
                return Optional.of(new ObservedProcess(VMM, argv, "0", ByteSize.ZERO, false))
                        .filter(process -> process.identity().pid() == pid);
            }

            @Override
            public List<ObservedProcess> list(Predicate<List<String>> wanted) {
                throw new AssertionError("nobody walks over all processes again");
            }

            @Override
            public SignalOutcome signalIfSame(ProcessIdentity process, ProcessSignal signal) {
                return SignalOutcome.GONE;
            }
        }, layout);
    }

    private Sighting at(Instant now) throws IOException, InterruptedException {
        return Sighting.of(store, host(), InstantSource.fixed(now), ID, Optional.empty());
    }

    private MachineRecord save(VmmRecord vmm) throws IOException {
        MachineRecord record = MachineRecord.created(ID, Specs.service("web"), NOW)
                .withDesired(Desired.RUNNING)
                .withVmm(vmm);
        store.save(record);
        return record;
    }

    @Test
    void itsVmmWasStartedAfterTheProcessesWereListed() throws Exception {
        MachineRecord record = save(STARTING.withProcess(VMM));
        assertEquals(new Sighting(Optional.of(record), Optional.of(VMM)), at(NOW));
    }

    @Test
    void aStartThatIsUnderWayIsWaitedFor() throws Exception {
        save(STARTING);
        Thread starts = Thread.ofPlatform().start(() -> {
            assertDoesNotThrow(() -> Thread.sleep(200));
            assertDoesNotThrow(() -> save(STARTING.withProcess(VMM)));
        });
        assertEquals(Optional.of(VMM), at(NOW.plusSeconds(1)).vmm());
        starts.join();
    }

    @Test
    void aStartThatWasCutShortIsNotWaitedForAgainAndAgain() throws Exception {
        MachineRecord record = save(STARTING);
        Sighting down = new Sighting(Optional.of(record), Optional.empty());
        long begin = System.nanoTime();
        assertEquals(down, at(NOW.plusSeconds(10)), "long ago");
        try (FleetLock _ = FleetLock.acquire(layout, ID.fleet(), "apply", NOW)) {
            assertEquals(down, at(NOW), "by this process, which knows better");
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertEquals(Duration.ZERO, took.compareTo(Duration.ofMillis(2500)) < 0 ? Duration.ZERO : took);
    }
}

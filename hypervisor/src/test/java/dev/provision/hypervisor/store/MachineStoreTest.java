package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.Need;
import dev.provision.planner.observed.Booted;
import dev.provision.schema.fleet.CanonicalForm;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.CpuPlacement;
import dev.provision.schema.fleet.CpuRange;
import dev.provision.schema.fleet.CpuSet;
import dev.provision.schema.fleet.DeviceRequest;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.fleet.Disk;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.FleetLink;
import dev.provision.schema.fleet.GpuModel;
import dev.provision.schema.fleet.GpuRequest;
import dev.provision.schema.fleet.HugePages;
import dev.provision.schema.fleet.IoLimits;
import dev.provision.schema.fleet.Lifecycle;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.Network;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.Probe;
import dev.provision.schema.fleet.ReadyCheck;
import dev.provision.schema.fleet.Resources;
import dev.provision.schema.fleet.RestartPolicy;
import dev.provision.schema.fleet.Segment;
import dev.provision.schema.fleet.Volume;
import dev.provision.schema.fleet.Workload;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MachineStoreTest {
    private static final Path FIXTURES = Path.of("src/test/resources/dev/provision/hypervisor/store");
    static final MachineId ID = new MachineId("ci-lab", "db");
    static final MachineSpec SPEC = MachineSpec.of("db", "builtin",
            Resources
                    .of(new CpuRange(new Cpus(500), Cpus.of(2), Cpus.of(4)),
                            new MemoryRange(ByteSize.ofMib(512), ByteSize.ofGib(2), ByteSize.ofGib(4)),
                            ByteSize.ofMib(256))
                    .withDisks(Optional.of(ByteSize.ofGib(10)), Optional.of(ByteSize.ofGib(20)), new TreeMap<>()),
            new Workload(List.of("postgres", "-D", "/data"), RestartPolicy.ON_FAILURE,
                    new TreeMap<>(Map.of("PGDATA", "/data", "QUOTE", "it's \"it\"\n"))),
            new ReadyCheck(new Probe.Agent(), Duration.ofSeconds(90)))
            .with(Network.STANDARD.with(List.of(new PortForward("127.0.0.1", 5432, 5432, PortForward.Protocol.TCP),
                    new PortForward("0.0.0.0", 53, 5353, PortForward.Protocol.UDP))))
            .waitingFor(new TreeMap<>(Map.of("cache", Condition.READY, "seed", Condition.COMPLETED)));
    static final MachineRecord FULL = new MachineRecord(ID, SPEC, Desired.RUNNING,
            Optional.of(new VmmRecord(
                    Optional.of(new ProcessIdentity(4711, "0b1c7a52-6a9d-4d3c-9a77-0d1b5c1f2e3d:123456")),
                    new Booted(Accelerator.TCG, "microvm", 4, ByteSize.ofGib(4), "ab".repeat(32)), "builtin",
                    Instant.parse("2026-01-02T03:04:05.678Z"), List.of(), false)),
            CanonicalForm.FIRST);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private MachineStore store;

    @BeforeEach
    void open() {
        store = new MachineStore(new StoreLayout(folder.resolve("state"), folder.resolve("run")));
    }

    private Path file() {
        return store.layout().machine(ID).record();
    }

    @Test
    void recordsSurvive() throws IOException {
        MachineRecord ready = FULL.withVmm(FULL.vmm().orElseThrow().ready());
        MachineRecord late = FULL.withVmm(FULL.vmm().orElseThrow().exceeding(Duration.ofSeconds(90)));
        for (MachineRecord record : List.of(FULL, ready, late, MachineRecord.created(ID, SPEC))) {
            store.save(record);
            assertEquals(Optional.of(record), store.find(ID));
        }
    }

    @Test
    void whatAVmmWasBootedForIsKept() throws IOException {
        VmmRecord vmm = FULL.vmm().orElseThrow();
        for (Set<Need> met : List.of(Set.<Need>of(), Set.of(Need.values()))) {
            Booted booted = new Booted(Accelerator.KVM, "q35", 4, ByteSize.ofGib(4), "ab".repeat(32),
                    Optional.of(met));
            MachineRecord record = FULL.withVmm(new VmmRecord(vmm.process(), booted, "builtin", vmm.startedAt(),
                    List.of(), false));
            store.save(record);
            assertEquals(Optional.of(record), store.find(ID));
        }
        String text = Files.readString(file());
        assertTrue(text.contains("\"bootedFor\" : [ \"plug-vcpus\", \"plug-memory\", \"pci\" ]"), text);
        Files.writeString(file(), text.replace("\"pci\"", "\"isa\""));
        assertTrue(String.valueOf(assertThrows(RecordException.class, () -> store.find(ID)).getMessage())
                .contains("`vmm.bootedFor`"));
    }

    /** Every format that was ever released is read for ever; format 1 is also what is written. */
    @Test
    void format1() throws IOException {
        Path fixture = FIXTURES.resolve("machine-1.json");
        if (Boolean.getBoolean("golden.regenerate")) {
            Files.write(fixture, RecordJson.write(FULL));
        }
        assertEquals(FULL, RecordJson.read(ID, fixture, Files.readAllBytes(fixture)));
        assertEquals(Files.readString(fixture), new String(RecordJson.write(FULL), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"format\" : 1|\"format\" : 2|UNKNOWN_FORMAT|record format 2",
        "\"format\" : 1|\"format\" : \"1\"|MALFORMED|no `format`",
        "\"name\" : \"db\"|\"name\" : \"web\"|MALFORMED|the record of ci-lab/web",
        "\"running\"|\"walking\"|MALFORMED|`desired`",
        "\"format\" : 1|\"format\" : 1, \"canonicalForm\" : 0|MALFORMED|`canonicalForm`",
        "\"512MiB\"|\"lots\"|MALFORMED|`spec.memory.request`",
        "\"request\" : \"0.5\"|\"request\" : \"8\"|MALFORMED|`spec.cpus.max`",
        "\"pid\" : 4711|\"pid\" : 0|MALFORMED|`vmm.pid`",
        "\"pid\" : 4711|\"pid\" : 4711, \"pid\" : 1|MALFORMED|not JSON",
        "\"shm\" :|\"shn\" :|MALFORMED|`shm` is missing",
        "\"image\" : \"builtin\",|\"image\" : \"builtin\", \"colour\" : \"red\",|MALFORMED|colour",
        "\"restart\" :|\"restart|MALFORMED|not JSON"})
    void whatIsNotOursIsNotRead(String text, String replacement, RecordException.Problem problem, String message)
            throws IOException {
        store.save(FULL);
        Files.writeString(file(), Files.readString(file()).replace(text, replacement));
        var e = assertThrows(RecordException.class, () -> store.find(ID));
        assertEquals(problem, e.problem());
        assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
    }

    @Test
    void aWriteThatIsCutShortLeavesTheOldRecord() throws IOException {
        store.save(FULL);
        // What a kill between the temporary file and the rename leaves behind.
        Files.writeString(file().resolveSibling(".machine.json-1.tmp"), "{\"format\" : 1, \"fl");
        assertEquals(Optional.of(FULL), store.find(ID));
        store.save(FULL.withDesired(Desired.STOPPED));
        assertEquals(Desired.STOPPED, store.find(ID).orElseThrow().desired());
    }

    @Test
    void nobodyElseCanRead() throws IOException {
        store.save(FULL);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        for (Path at = file().getParent(); at != null && !at.equals(folder); at = at.getParent()) {
            // Those above a machine's own can be passed, for VMMs of root are other users; to know a name is no help.
            boolean passage = "root".equals(System.getProperty("user.name")) && !at.equals(file().getParent());
            assertEquals(passage ? "rwx--x--x" : "rwx------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(at)));
        }
    }

    /** A job's time is up while it is being changed. */
    @Test
    void noChangeUndoesAnother() throws Exception {
        store.save(FULL);
        Thread late = Thread.ofPlatform().start(() -> {
            for (int second = 1; second <= 100; second++) {
                Duration exceeded = Duration.ofSeconds(second);
                assertDoesNotThrow(() -> store.update(ID,
                        record -> record.withVmm(record.vmm().orElseThrow().exceeding(exceeded))));
            }
        });
        for (int round = 1; round <= 100; round++) {
            Desired desired = round % 2 == 0 ? Desired.STOPPED : Desired.RUNNING;
            assertTrue(store.update(ID, record -> record.withDesired(desired)));
            assertEquals(desired, store.find(ID).orElseThrow().desired());
        }
        late.join();
        MachineRecord last = store.find(ID).orElseThrow();
        assertEquals(Optional.of(Duration.ofSeconds(100)), last.vmm().orElseThrow().exceeded());
        assertFalse(store.update(new MachineId("ci-lab", "none"), record -> record));
    }

    @Test
    void removalKeepsStorageUnlessTold() throws IOException {
        store.save(FULL);
        Path storage = store.layout().machine(ID).storage();
        PrivateFiles.makeDirectories(storage.resolveSibling("").normalize());
        Files.writeString(storage, "data");
        assertEquals(List.of("db"), List.copyOf(store.machines("ci-lab")));
        store.remove(ID, false);
        assertEquals(Map.of("db", Map.of(DiskKey.STORAGE, new ByteSize(4))), store.storage("ci-lab"));
        assertTrue(store.machines("ci-lab").isEmpty());
        store.remove(ID, true);
        assertFalse(Files.exists(storage));
        store.remove(ID, true);
        assertTrue(store.storage("ci-lab").isEmpty());
    }

    @Test
    void namedDisksStayLikeStorageAndGoWithItButNothingElseBesideThem() throws IOException {
        store.save(FULL);
        Path disk = store.layout().machine(ID).persistentDisk(new DiskKey("wal"));
        assertEquals(folder.resolve("state/fleets/ci-lab/storage/db/wal.img"), disk);
        PrivateFiles.makeDirectories(disk.resolveSibling("").normalize());
        Files.writeString(disk, "data");
        Path foreign = Files.writeString(disk.resolveSibling("notes.txt"), "not ours");
        store.remove(ID, false);
        assertEquals(Map.of("db", Map.of(new DiskKey("wal"), new ByteSize(4))), store.storage("ci-lab"));
        store.remove(ID, true);
        assertTrue(store.storage("ci-lab").isEmpty());
        assertTrue(Files.exists(foreign));
        Files.delete(foreign);
        store.remove(ID, true);
        assertFalse(Files.exists(store.layout().disksDir("ci-lab", "db")));
    }

    @Test
    void namesDoNotLeaveTheStore() {
        for (String name : List.of("..", "a/b", "../../lock")) {
            assertThrows(IllegalArgumentException.class,
                    () -> store.layout().machine(ID).persistentDisk(new DiskKey(name)));
        }
        for (String name : List.of("..", ".", "", "a/b", "../x")) {
            assertThrows(IllegalArgumentException.class, () -> store.layout().machine(new MachineId("ci-lab", name)));
            assertThrows(IllegalArgumentException.class, () -> store.layout().machine(new MachineId(name, "web")));
        }
    }

    @Test
    void aSocketPathThatIsTooLongIsTold() throws IOException {
        store.layout().requireSocketsFit(ID);
        StoreLayout deep = new StoreLayout(folder, Path.of("/" + "x".repeat(60)));
        assertThrows(SocketPathTooLongException.class, () -> deep.requireSocketsFit(ID));
    }

    @Test
    void storageThatVanishesWhileItIsListedIsNotThere() throws IOException {
        Path storage = store.layout().machine(ID).storage();
        PrivateFiles.makeDirectories(storage.resolveSibling("").normalize());
        Files.createSymbolicLink(storage, Path.of("nothing"));
        assertTrue(store.storage("ci-lab").isEmpty());
    }

    /** Each value of a record replaced by each of these: it is read or refused, it never breaks the reader. */
    @ParameterizedTest
    @ValueSource(strings = {"null", "0", "-1", "1.5", "1e400", "99999999999999999999", "true", "\"\"", "\"-5MiB\"",
        "\"99999999999999TiB\"", "\"P999999999D\"", "\"\\u0000\"", "[]", "[null]", "{}", "{\"a\": 1}"})
    void noValueBreaksTheReader(String value) throws IOException {
        store.save(FULL);
        String text = Files.readString(file());
        var values = Pattern.compile("(?<=\" : )(\"([^\"\\\\]|\\\\.)*\"|[0-9]+)").matcher(text);
        while (values.find()) {
            Files.writeString(file(), text.substring(0, values.start()) + value + text.substring(values.end()));
            try {
                store.find(ID);
            } catch (RecordException e) {
                assertFalse(String.valueOf(e.getMessage()).isBlank());
            }
        }
    }

    @Test
    void everythingThatAManifestSaysIsKept() throws IOException {
        Resources resources = new Resources(new CpuRange(Cpus.of(1), Cpus.of(2), Cpus.of(3), true),
                new CpuPlacement(Optional.of(new CpuSet(new TreeSet<>(Set.of(0, 1, 4)))), 512),
                new MemoryRange(ByteSize.ofMib(512), ByteSize.ofGib(1), ByteSize.ofGib(2),
                        Optional.of(ByteSize.ofGib(3)), Optional.of(false), Optional.of(HugePages.MIB_2), true),
                false, Optional.empty(), Optional.empty(),
                new TreeMap<>(Map.of("scratch", new Disk(ByteSize.ofGib(5), "/scratch"))),
                new IoLimits(Optional.of(500), Optional.of(ByteSize.ofMib(50))), ByteSize.ofMib(64),
                Optional.of(new GpuRequest(Optional.of(GpuModel.A100_80G), 2, Optional.of("1g.10gb"))),
                List.of(new DeviceRequest(new DeviceSelector.Named("tpu"), 4),
                        new DeviceRequest(new DeviceSelector.PciAddress("0000:3b:00.0"), 1),
                        new DeviceRequest(new DeviceSelector.PciId("10de:20b0"), 2)));
        for (Probe probe : List.of(new Probe.Agent(), new Probe.Tcp(22), new Probe.Http(80, "/x"),
                new Probe.Exec(List.of("a", "b c")))) {
            MachineSpec spec = new MachineSpec("db", "builtin", resources,
                    new Network(false, List.of(), List.of(
                            new FleetLink("lab", Optional.of("10.77.0.9"), Optional.of("br-lab"),
                                    Optional.of(new Segment("10.77.0.0/24",
                                            new TreeMap<>(Map.of("x", "10.77.0.9", "y", "10.77.0.3"))))),
                            FleetLink.written("other", Optional.empty()))),
                    List.of(new Volume("/srv/a:b", "/data", true), new Volume("/x", "/y", false)), Workload.NONE,
                    new ReadyCheck(probe, Duration.ofMillis(1500)), new TreeMap<>(),
                    new Lifecycle(new TreeMap<>(Map.of("team", "x")), true, Optional.of(Duration.ofDays(2)),
                            new TreeSet<>(Set.of("image", "env.A"))));
            store.save(MachineRecord.created(ID, spec));
            assertEquals(Optional.of(spec), store.find(ID).map(MachineRecord::spec));
        }
    }
}

package dev.provision.schema.fleet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.HostPolicy.Pool;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FleetResolverTest {

    private static Fleet fleet(String sections) {
        Problems problems = new Problems();
        Optional<Fleet> fleet = ManifestReader
                .read(new SourceText("m.yaml", "version: 1\nfleet: lab\n" + sections), problems);
        assertEquals(List.of(), problems.sorted());
        return fleet.orElseThrow();
    }

    private static MachineSpec machine(String sections, String name) {
        return Objects.requireNonNull(fleet(sections).machines().get(name)).spec();
    }

    /** Request, limit and max of a machine `a` with this text under {@code resources}. */
    private static String cpus(String resources) {
        CpuRange cpus = machine("machines: {a: {resources: {" + resources + "}}}", "a").resources().cpus();
        return cpus.request() + " " + cpus.limit() + " " + cpus.max();
    }

    private static String memory(MachineSpec spec) {
        return spec.resources().memory().request().mib() + " " + spec.resources().memory().limit().mib() + " "
                + spec.resources().memory().max().mib();
    }

    @Test
    void aBareMachineHasTheSpecifiedDefaults() {
        MachineSpec spec = machine("machines:\n  a:\n", "a");
        assertEquals(MachineSpec.of("a", "builtin",
                Resources.of(CpuRange.exactly(Cpus.of(1)), MemoryRange.exactly(ByteSize.ofMib(512)),
                        ByteSize.ofMib(256)),
                Workload.NONE, new ReadyCheck(new Probe.Agent(), Duration.ofMinutes(2))), spec);
        assertFalse(spec.isJob());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"cpus: 2 | 2 2 2", "cpus: 500m | 0.5 0.5 0.5", "cpus: [0.5, 2] | 0.5 2 2",
        "cpus: {limit: 2, max: 4} | 2 2 4", "cpus: {request: 0.5, limit: 2, max: 4} | 0.5 2 4",
        "cpus: {request: 2} | 2 2 2", "cpus: {max: 4} | 4 4 4", "cpus: {request: 1, max: 4} | 1 1 4"})
    void everyFormOfCpus(String written, String range) {
        assertEquals(range, cpus(written));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1GiB | 1024 1024 1024", "[256MiB, 1GiB] | 256 1024 1024", "512 | 512 512 512",
        "{limit: 1g, max: 4g} | 1024 1024 4096"})
    void everyFormOfMemory(String written, String range) {
        assertEquals(range, memory(machine("machines: {a: {resources: {memory: " + written + "}}}", "a")));
    }

    @Test
    void bareDiskSizesAreGibAndShmIsHalfTheMemory() {
        MachineSpec spec = machine(
                "machines: {a: {resources: {memory: 1GiB, overlay: 10, storage: 20, shm: auto}}}", "a");
        assertEquals(Optional.of(ByteSize.ofGib(10)), spec.resources().overlay());
        assertEquals(Optional.of(ByteSize.ofGib(20)), spec.resources().storage());
        assertEquals(ByteSize.ofMib(512), spec.resources().shm());
        assertEquals(ByteSize.ofMib(64), machine("machines: {a: {resources: {shm: 64MiB}}}", "a").resources().shm());
    }

    @Test
    void machineOverLaterProfileOverEarlierProfileOverDefaults() {
        String text = """
                defaults: { image: d, resources: { cpus: 1, memory: 128MiB, storage: 1 }, env: { A: d, B: d, C: d, D: d } }
                profiles:
                  one: { image: p1, resources: { cpus: 2, memory: 256MiB }, env: { B: p1, C: p1 } }
                  two: { image: p2, resources: { cpus: 3 }, env: { C: p2 } }
                machines:
                  a: { profile: [one, two], image: own, env: { E: own } }
                """;
        MachineSpec spec = machine(text, "a");
        assertEquals("own", spec.image());
        assertEquals(Cpus.of(3), spec.resources().cpus().limit());
        assertEquals(ByteSize.ofMib(256), spec.resources().memory().limit());
        assertEquals(Optional.of(ByteSize.ofGib(1)), spec.resources().storage());
        assertEquals(Map.of("A", "d", "B", "p1", "C", "p2", "D", "d", "E", "own"), spec.workload().env());
    }

    @Test
    void theDefaultsProfileHoldsUntilAMachineNamesItsOwnOrNone() {
        String text = """
                defaults: { profile: small }
                profiles: { small: { resources: { memory: 128MiB } }, big: { resources: { memory: 1GiB } } }
                machines: { a: , b: { profile: big }, c: { profile: ~ }, d: { profile: [] } }
                """;
        Fleet fleet = fleet(text);
        assertEquals(List.of(128L, 1024L, 512L, 512L),
                fleet.machines()
                        .values()
                        .stream()
                        .map(machine -> machine.spec().resources().memory().limit().mib())
                        .toList());
    }

    @Test
    void nullRemovesWhatALowerLayerSays() {
        String text = """
                defaults: { ports: ["80:80"], resources: { storage: 5 }, env: { A: x, B: y }, run: { command: [x] } }
                machines:
                  a: { ports: ~, resources: { storage: null }, env: { A: , Z: }, run: ~ }
                """;
        MachineSpec spec = machine(text, "a");
        assertTrue(spec.network().ports().isEmpty() && spec.resources().storage().isEmpty()
                && spec.workload().command().isEmpty());
        assertEquals(Map.of("B", "y"), spec.workload().env());
    }

    @Test
    void layersCompleteEachOther() {
        String text = """
                profiles: { job: { run: { restart: never } } }
                machines: { a: { profile: job, run: { command: echo hi } } }
                """;
        MachineSpec spec = machine(text, "a");
        assertTrue(spec.isJob());
        assertEquals(List.of("/bin/sh", "-c", "echo hi"), spec.workload().command());
    }

    @Test
    void aCeilingOverAShortFormKeepsTheLimit() {
        String text = """
                profiles: { p: { resources: { memory: 1GiB, cpus: [0.5, 1] } } }
                machines:
                  a: { profile: p, resources: { memory: { max: 4GiB }, cpus: { max: 2 } } }
                  b: { profile: p, resources: { memory: 2GiB } }
                """;
        assertEquals("1024 1024 4096", memory(machine(text, "a")));
        assertEquals(new CpuRange(new Cpus(500), Cpus.of(1), Cpus.of(2)), machine(text, "a").resources().cpus());
        assertEquals("2048 2048 2048", memory(machine(text, "b")));
    }

    @Test
    void countMultipliesAndGroupsAreDependedOnAsAWhole() {
        String text = """
                machines:
                  web: { count: 3 }
                  none: { count: 0 }
                  one: { count: 1 }
                  lb: { dependsOn: { web: ready, none: ready } }
                  first: { dependsOn: { web-0: started } }
                  both: { dependsOn: { web-0: ready, web: started } }
                """;
        Fleet fleet = fleet(text);
        assertEquals(Set.of("web-0", "web-1", "web-2", "one-0", "lb", "first", "both"), fleet.machines().keySet());
        assertEquals("web", Objects.requireNonNull(fleet.machines().get("web-1")).entry());
        assertEquals(Map.of("web-0", Condition.READY, "web-1", Condition.READY, "web-2", Condition.READY),
                machine(text, "lb").dependsOn());
        assertEquals(Map.of("web-0", Condition.STARTED), machine(text, "first").dependsOn());
        assertEquals(Condition.READY, machine(text, "both").dependsOn().get("web-0"));
    }

    @Test
    void portsOnDifferentAddressesOrProtocolsDoNotConflict() {
        fleet("""
                machines:
                  a: { ports: ["53:53", "53:53/udp", "127.0.0.2:53:53"] }
                  b: { ports: ["54:53"] }
                """);
    }

    @Test
    void theHostSectionIsAPolicy() {
        assertEquals(HostPolicy.DEFAULT, fleet("machines: {}").policy());
        assertEquals(HostPolicy.DEFAULT, fleet("host: {pool: auto}\nmachines: {}").policy());
        String text = """
                host:
                  pool: { cpus: 8, memory: 4GiB }
                  reserve: { memory: 1GiB }
                  overcommit: { cpus: 2, memory: 1.5 }
                  limits: { cpus: 16 }
                machines: {}
                """;
        assertEquals(new HostPolicy(new Pool.Fixed(Cpus.of(8), ByteSize.ofGib(4)), ByteSize.ofGib(1), 2, 1.5,
                Optional.of(Cpus.of(16)), Optional.empty(), Optional.empty()), fleet(text).policy());
    }

    @Test
    void valuesKnowWhereTheyWereWritten() {
        String text = """
                profiles: { p: { resources: { cpus: 2 } } }
                machines:
                  a: { profile: p, ports: [] }
                """;
        Origin origin = Objects.requireNonNull(fleet(text).machines().get("a")).origin();
        assertEquals("m.yaml:3:37", origin.at("resources", "cpus").toString());
        assertEquals("m.yaml:5:27", origin.at("ports").toString());
        assertEquals("m.yaml:5:3", origin.at("image").toString());
    }

    @Test
    void profilesBuildOnOthersEachOfThemOnce() {
        String text = """
                defaults: { env: { A: d, R: d } }
                profiles:
                  plain: { image: plain }
                  base: { image: base, env: { A: base, B: base, R: ~ } }
                  left: { extends: base, env: { B: left } }
                  right: { extends: base, env: { C: right } }
                  both: { extends: [left, right], env: { D: both } }
                machines:
                  a: { profile: both }
                  b: { profile: [both, plain], env: { R: again } }
                  c: { profile: [left, right] }
                """;
        MachineSpec spec = machine(text, "a");
        assertEquals("base", spec.image());
        assertEquals(Map.of("A", "base", "B", "left", "C", "right", "D", "both"), spec.workload().env());
        assertEquals("plain", machine(text, "b").image());
        assertEquals("left", machine(text, "c").workload().env().get("B"));
        assertEquals("again", machine(text, "b").workload().env().get("R"));
    }

    @Test
    void anAliasInOneLayerIsTheSameKeyAsItsOwnNameInAnother() {
        String text = """
                defaults: { resources: { memoryMb: 256, overlayGb: 1, cpu: 2 } }
                profiles: { p: { resources: { mem: 1GiB, memory-reservation: 512m } } }
                machines:
                  a: { resources: { memory: { max: 1GiB }, overlay: 2GiB } }
                  b: { profile: p, resources: { vcpus: 4 } }
                """;
        assertEquals("256 256 1024", memory(machine(text, "a")));
        assertEquals(Optional.of(ByteSize.ofGib(2)), machine(text, "a").resources().overlay());
        assertEquals("512 1024 1024", memory(machine(text, "b")));
        assertEquals(Cpus.of(4), machine(text, "b").resources().cpus().limit());
    }

    @Test
    void aMappingOverAShortFormKeepsWhatThatSays() {
        String text = """
                profiles: { p: { resources: { disks: { scratch: 10 } }, ready: { http: 8080/health } } }
                machines:
                  a:
                    profile: p
                    resources: { disks: { scratch: { mount: /scratch }, more: 1 } }
                    ready: { timeout: 10s }
                """;
        MachineSpec spec = machine(text, "a");
        assertEquals(Map.of("scratch", new Disk(ByteSize.ofGib(10), "/scratch"), "more",
                new Disk(ByteSize.ofGib(1), "/disks/more")), spec.resources().disks());
        assertEquals(new ReadyCheck(new Probe.Http(8080, "/health"), Duration.ofSeconds(10)), spec.ready());
    }

    @Test
    void everythingAboutALifeIsRead() {
        String text = """
                networks: { lab: { subnet: 10.77.0.0/24 }, any: }
                machines:
                  a:
                    networks: [lab, any]
                    volumes: ["data:/data:ro", /srv/x:/srv/x]
                    labels: { team: storage, example.org/tier: gold }
                    protect: true
                    ttl: 1d12h
                    ignoreChanges: [image, env.TAG]
                    ready: { exec: [pg_isready, -q] }
                  b: { network: false, ready: { tcp: 5432 } }
                """;
        MachineSpec spec = machine(text, "a");
        assertEquals(List.of("lab", "any"), spec.network().networkNames());
        assertEquals(List.of(new Volume(Path.of("data").toAbsolutePath().toString(), "/data", true),
                new Volume("/srv/x", "/srv/x", false)), spec.volumes());
        assertEquals(Map.of("team", "storage", "example.org/tier", "gold"), spec.lifecycle().labels());
        assertTrue(spec.lifecycle().protect());
        assertEquals(Optional.of(Duration.ofHours(36)), spec.lifecycle().ttl());
        assertEquals(Set.of("image", "env.TAG"), spec.lifecycle().ignoreChanges());
        assertEquals(new Probe.Exec(List.of("pg_isready", "-q")), spec.ready().probe());
        assertFalse(machine(text, "b").network().enabled());
        assertEquals(new Probe.Tcp(5432), machine(text, "b").ready().probe());
        assertEquals(Optional.of("10.77.0.0/24"), Objects.requireNonNull(fleet(text).networks().get("lab")).subnet());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"8080|8080 /", ":8080|8080 /", "8080/|8080 /", "8080/a/b?c=d|8080 /a/b?c=d",
        "http://localhost:80/x|80 /x", "http://127.0.0.1:80|80 /"})
    void urlsOfTheGuest(String written, String meant) {
        MachineSpec spec = machine("machines: {a: {ready: {http: \"" + written + "\"}}}", "a");
        Probe.Http http = (Probe.Http) spec.ready().probe();
        assertEquals(meant, http.port() + " " + http.path());
    }
}

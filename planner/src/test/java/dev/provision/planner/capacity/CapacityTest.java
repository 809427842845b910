package dev.provision.planner.capacity;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.planner.Specs;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DeviceInventory;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Attachment;
import dev.provision.planner.host.DriverCapabilities.Limit;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.host.VmmOverhead;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Planner;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.fleet.CpuSet;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.HostPolicy;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Does the fleet fit? On a host of 4 CPUs, 16 GiB of memory and 100 GiB of disk. */
class CapacityTest {

    private static final Planner.Host HOST = Specs.host(4, 16, 100);

    private static List<String> problems(Fleet fleet, ObservedFleet observed) {
        Plan plan = Planner.converge(fleet, observed, HOST);
        assertEquals(plan.problems().stream().anyMatch(Diagnostic::isError), plan.isRefused());
        return plan.problems()
                .stream()
                .map(problem -> problem.span().map(span -> span.line() + ":" + span.column() + " ").orElse("")
                        + problem.code() + " " + problem.what())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "resources: {cpus: 5} | 3:34 MACHINE_EXCEEDS_HOST `a` asks for 5 CPUs, but this host has 4",
        "resources: {cpus: {request: 1, limit: 1, max: 65}} | 3:62 MACHINE_EXCEEDS_HOST `a` asks for 65 CPUs at most, but a machine here can have 64 vCPUs",
        "resources: {memory: [1GiB, 17GiB]} | 3:36 MACHINE_EXCEEDS_HOST `a` asks for 17 GiB of memory, but this host can give a machine 16384 MiB",
        "resources: {memory: {limit: 1GiB, max: 17GiB}} | 3:55 MACHINE_EXCEEDS_HOST `a` asks for 17 GiB of memory, but this host can give a machine 16384 MiB",
        "resources: {cpus: 0.5} | 3:34 LIMIT_NOT_ENFORCED a limit of 0.5 CPUs cannot bind here: the machine may use 1",
        "image: debain | 3:23 UNKNOWN_IMAGE there is no image `debain` on this host",
        "'resources: {storage: 101, overlay: 3GiB}' | DISK_EXCEEDS_HOST disks that are new or larger can take 104 GiB more, but 100 GiB are free"})
    void oneMachineTooLarge(String keys, String problem) {
        assertEquals(List.of(problem), problems(Specs.fleet("machines: {a: {" + keys + "}}"), Specs.observed()));
    }

    /** The kernel is content when one of them is there. */
    @ParameterizedTest
    @CsvSource({"0-1, true", "3, true", "4, false", "'0,7', false"})
    void vcpusArePinnedToCpusThatAreThere(String wanted, boolean there) throws Exception {
        Planner.Host host = new Planner.Host(HOST.capacity().withOnline(Optional.of(CpuSet.parse("0-3"))),
                HOST.accelerator(), HOST.images(), HOST.buildable(), HOST.estimates(), HOST.driver(),
                HOST.imageDigests());
        List<String> problems = Planner
                .converge(Specs.fleet("machines: {a: {resources: {cpuset: '" + wanted + "'}}}"), Specs.observed(), host)
                .problems()
                .stream()
                .filter(Diagnostic::isError)
                .map(Diagnostic::what)
                .toList();
        assertEquals(there ? List.of() : List.of("`a` is pinned to CPUs " + wanted + ", but this host has 0-3"),
                problems);
    }

    /** Neither more than there is, nor another number than the one to ask for. */
    @Test
    void partOfAMiBIsNobodys() {
        ByteSize memory = new ByteSize(ByteSize.ofGib(16).bytes() - 4096);
        Planner.Host host = new Planner.Host(
                new HostCapacity(4, memory, memory, ByteSize.ofGib(100), 64, ByteSize.ofGib(512)), HOST.accelerator(),
                HOST.images(), HOST.buildable(), HOST.estimates(), HOST.driver(), HOST.imageDigests());
        Diagnostic problem = Planner
                .converge(Specs.fleet("machines: {a: {resources: {memory: [1GiB, 16GiB]}}}"), Specs.observed(), host)
                .problems()
                .getFirst();
        assertEquals("`a` asks for 16 GiB of memory, but this host can give a machine 16383 MiB", problem.what());
        assertEquals("ask for at most 16383MiB", problem.fix());
    }

    @Test
    void aMistakeOfAnEntryIsReportedOnceForAllItsMachines() {
        assertEquals(1,
                problems(Specs.fleet("machines: {a: {count: 3, resources: {cpus: [0.1, 5]}}}"), Specs.observed())
                        .size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"cpus: 1.5 | cpus: 2 | `a` asks for 2 CPUs, but `host.limits` allows 1.5 CPUs",
        "memory: 1GiB | memory: 1025MiB | `a` asks for 1025 MiB of memory, but `host.limits` allows 1 GiB",
        "memory: 1GiB | memory: 1GiB | ''"})
    void thePolicyBoundsSingleMachines(String limits, String resources, String expected) {
        List<String> found = problems(Specs.fleet("host: {limits: {%s}}\nmachines: {a: {resources: {%s}}}"
                .formatted(limits, resources)), Specs.observed());
        assertEquals(expected.isEmpty() ? 0 : 1, found.size());
        found.forEach(problem -> assertTrue(problem.endsWith("MACHINE_EXCEEDS_POLICY " + expected), problem));
    }

    @Test
    void servicesMustFitAllAtOnce() {
        String pool = "host: {pool: {cpus: 2, memory: 1GiB}}\n";
        assertEquals(List.of(), problems(Specs.fleet(pool + "machines: {a: {count: 2}}"), Specs.observed()));
        assertEquals(List.of(
                "FLEET_EXCEEDS_POOL the fleet's services need 1536 MiB memory, 3 CPUs; the resource pool holds 1024 MiB memory, 2 CPUs (fixed)"),
                problems(Specs.fleet(pool + "machines: {a: {count: 3}}"), Specs.observed()));
    }

    @Test
    void requestsCountAndNotLimits() {
        String text = "host: {pool: {cpus: 1, memory: 1GiB}}\nmachines: {a: {count: 4, resources: {cpus: [0.25, 1], memory: [256MiB, 1GiB]}}}";
        assertEquals(List.of(), problems(Specs.fleet(text), Specs.observed()));
    }

    @Test
    void jobsQueueForWhatTheServicesLeave() {
        String text = """
                host: {pool: {cpus: 4, memory: 2GiB}}
                profiles: {job: {run: {command: [x], restart: never}}}
                machines:
                  service: {resources: {memory: 1GiB}}
                  small: {count: 10, profile: job}
                """;
        assertEquals(List.of(), problems(Specs.fleet(text), Specs.observed()));
        String large = "  large: {resources: {memory: 1025MiB}, profile: job}\n";
        assertEquals(List.of(
                "8:22 FLEET_EXCEEDS_POOL job `large` needs 1025 MiB memory, 1 CPU, but the services leave 1024 MiB memory, 3 CPUs"),
                problems(Specs.fleet(text + large), Specs.observed()));
    }

    @Test
    void hugeRequestsAreSummedWithoutOverflow() {
        assertTrue(problems(Specs.fleet("machines: {a: {count: 1000, resources: {cpus: 2000000, memory: 16TiB}}}"),
                Specs.observed()).stream().anyMatch(problem -> problem.startsWith("FLEET_EXCEEDS_POOL")));
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "2, 0"})
    void storageIsNeverMadeSmaller(long keptGib, long wantedGib) {
        Fleet fleet = Specs.fleet("machines: {a: {resources: {%s}}}"
                .formatted(wantedGib == 0 ? "" : "storage: " + wantedGib));
        List<String> found = problems(fleet, Specs.observed(Map.of("a", ByteSize.ofGib(keptGib))));
        assertEquals(wantedGib == 0 ? List.of()
                : List.of("3:37 DISK_CANNOT_SHRINK the storage of `a` has 2 GiB and cannot shrink to 1 GiB"), found);
    }

    @Test
    void onlyWhatIsNewOfDisksNeedsRoom() {
        Fleet fleet = Specs.fleet("machines: {a: {resources: {storage: 200, disks: {d: 60, e: 60}, overlay: 60}}}");
        Map<String, ByteSize> kept = Map.of("a", ByteSize.ofGib(200), "a.d", ByteSize.ofGib(40));
        assertEquals(List.of("DISK_EXCEEDS_HOST disks that are new or larger can take 140 GiB more, but 100 GiB"
                + " are free"), problems(fleet, Specs.observed(kept)));
        MachineSpec before = Specs.machine("resources: {storage: 200, disks: {d: 40}, overlay: 50}");
        assertEquals(List.of(), problems(fleet, Specs.observed(kept, Specs.observed(before, Specs.running(before)))));
    }

    @Test
    void theEngineHasRoomForSixteenNamedDisks() {
        String disks = IntStream.rangeClosed(1, 16)
                .mapToObj(i -> "d" + i + ": 16MiB")
                .collect(Collectors.joining(", "));
        assertEquals(List.of(),
                problems(Specs.fleet("machines: {a: {resources: {disks: {" + disks + "}}}}"), Specs.observed()));
        assertEquals(List.of("3:35 NOT_SUPPORTED `a` asks for 17 named disks (16 at most), which this version cannot"
                + " give a machine yet"),
                problems(Specs.fleet("machines: {a: {resources: {disks: {" + disks + ", more: 1}}}}"),
                        Specs.observed()));
    }

    @Test
    void hotPlugThatNoMachineTypeHasIsRefusedWithItsReason() {
        List<Diagnostic> problems = Planner.converge(Specs.fleet("""
                machines:
                  a: {resources: {cpus: {limit: 1, max: 2, hotplug: true}, memory: {limit: 1GiB, hotplug: true}}}
                  b: {resources: {memory: {limit: 1GiB, max: 16GiB}}}
                """), Specs.observed(), HOST).problems();
        assertEquals(List.of(
                "`a` asks for vCPUs that are plugged in, which this host cannot give a machine | a machine on microvm under "
                        + "kvm has no vCPU hot-plug | leave `cpus.hotplug` out: vCPUs up to `cpus.max` then come on line "
                        + "while it runs",
                "`a` asks for memory that is plugged in, which this host cannot give a machine | a machine on microvm under "
                        + "kvm has no memory hot-plug | leave `memory.hotplug` out: a balloon then moves its memory up to "
                        + "`memory.max`"),
                problems.stream()
                        .map(problem -> problem.what() + " | " + problem.why() + " | " + problem.fix())
                        .toList());
    }

    @Test
    void whatTheDriverDeclaresIsNeitherRefusedNorWarnedOf() {
        DeviceInventory devices = DeviceAssignmentTest.inventory("01 10de:20b0 A100", "02 1ae0:0027")
                .named(Map.of("tpu", new DeviceSelector.PciId("1ae0:0027")));
        Planner.Host host = new Planner.Host(HOST.capacity().with(devices), HOST.accelerator(), HOST.images(),
                HOST.buildable(), HOST.estimates(),
                new DriverDeclaration(
                        new DriverCapabilities("cloud", Accelerator.KVM, Set.of(), Set.of(Limit.values()), "",
                                Set.of(Attachment.values()), 5),
                        List.of()),
                HOST.imageDigests());
        Fleet fleet = Specs
                .fleet("""
                        networks: {lab: }
                        machines:
                          a:
                            resources: {cpus: 0.5, cpuset: "0", shares: 512, memory: {limit: 1GiB, hard: 2GiB}, swap: false, gpu: 1,
                                        devices: [tpu], disks: {d: 1}}
                            networks: [lab]
                            volumes: ["./x:/x"]
                        """);
        assertEquals(List.of(), Planner.converge(fleet, Specs.observed(), host).problems());
        assertEquals(8, problems(fleet, Specs.observed()).size(), "each of them, where it is not declared");
    }

    @Test
    void anAutomaticPoolIsHalfTheCpusAndTheMemoryLessTheReserve() {
        ResourcePool pool = ResourcePool.of(HostPolicy.DEFAULT, HOST.capacity(), Specs.observed(), Accelerator.KVM);
        assertEquals(new Share(Cpus.of(8), ByteSize.ofMib(16 * 1024 - 1536)), pool.size());
    }

    @Test
    void memoryOfRunningMachinesBelongsToTheAutomaticPoolButNeverMoreThanThereIs() {
        Fleet fleet = Specs.fleet("machines: {a: {resources: {memory: 1GiB}}}");
        ResourcePool pool = ResourcePool.of(HostPolicy.DEFAULT, HOST.capacity(), Specs.converged(fleet),
                Accelerator.KVM);
        assertEquals(ByteSize.ofMib(16 * 1024 - 1536), pool.size().memory());
    }

    @Test
    void aFixedPoolDoesNotDependOnTheHost() {
        HostPolicy policy = HostPolicy.DEFAULT.withPool(new HostPolicy.Pool.Fixed(Cpus.of(100), ByteSize.ofGib(1000)));
        assertEquals(new Share(Cpus.of(100), ByteSize.ofGib(1000)),
                ResourcePool.of(policy, HOST.capacity(), Specs.observed(), Accelerator.KVM).size());
    }

    /** A VMM that does not answer has its memory, and so has one that has not told yet how much. */
    @Test
    void whatDoesNotTellHoldsWhatWasApplied() {
        Fleet fleet = Specs.fleet("machines: {a: {resources: {memory: 8GiB}}}");
        MachineSpec spec = fleet.machines().firstEntry().getValue().spec();
        HostCapacity host = new HostCapacity(4, ByteSize.ofGib(16), ByteSize.ofGib(4), ByteSize.ofGib(100), 64,
                ByteSize.ofGib(512));
        for (MachineState state : List.of(new MachineState.Unresponsive(1, "timeout"),
                new MachineState.Running(1, false, Optional.empty(), Optional.empty()))) {
            ResourcePool pool = ResourcePool.of(HostPolicy.DEFAULT, host,
                    Specs.observed(Specs.observed(spec, state)), Accelerator.KVM);
            long ofVmm = VmmOverhead.under(Accelerator.KVM).of(spec).mib();
            assertEquals(12 * 1024 - 1536 + ofVmm, pool.size().memory().mib());
        }
        assertEquals(4 * 1024 - 1536, ResourcePool.of(HostPolicy.DEFAULT, host,
                Specs.observed(Specs.observed(spec, new MachineState.Dead("killed"))), Accelerator.KVM)
                .size()
                .memory()
                .mib());
    }
}

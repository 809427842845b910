package dev.provision.planner.diff;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.planner.Specs;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Limit;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.Need;
import dev.provision.planner.observed.Booted;
import dev.provision.schema.fleet.MachineSpec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** One change on several runtimes: class, reason and what would be milder are those of the runtime it was booted on. */
class RuntimeDiffTest {

    private static final String LESS = "resources: {cpus: 1, memory: 1GiB, shm: 64MiB}";
    private static final String MORE = "resources: {cpus: 2, memory: 2GiB, shm: 64MiB}";

    /** QEMU's runtimes, one that can do more than any of them, and one that can do nothing. */
    private static DriverCapabilities runtime(String name) {
        return switch (name) {
            case "cloud under kvm" -> new DriverCapabilities("cloud", Accelerator.KVM, Set.of(LiveChange.values()),
                    Set.of(Limit.values()), "", Set.of(), 16);
            case "bare under tcg" -> DriverCapabilities.none("bare", Accelerator.TCG);
            case String qemu -> Specs.capabilities(qemu.replaceAll(" .*", ""),
                    Accelerator.valueOf(qemu.replaceAll(".* ", "").toUpperCase(java.util.Locale.ROOT)));
        };
    }

    private static List<FieldChange> diff(String runtime, String before, String after) {
        return diff(runtime, Optional.empty(), before, after);
    }

    private static List<FieldChange> diff(String runtime, Optional<Set<Need>> met, String before, String after) {
        DriverCapabilities capabilities = runtime(runtime);
        assertEquals(runtime, capabilities.runtime());
        MachineSpec applied = Specs.machine(before);
        Booted booted = new Booted(capabilities.accelerator(), capabilities.machineType(),
                applied.resources().cpus().max().vcpus(), applied.resources().memory().max(), "digest", met);
        // What the machine was booted on counts, and not what the driver would boot now.
        var driver = new DriverDeclaration(DriverCapabilities.none("now", Accelerator.KVM), List.of(capabilities));
        return MachineDiff.between(applied, Specs.machine(after), BootedVmm.of(Optional.of(booted), driver),
                Found.NOTHING);
    }

    private static String text(FieldChange change) {
        return change.path() + " " + change.disruption().word() + " (" + change.reason() + "; " + change.milder() + ")";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "microvm under kvm | restart (microvm has no vCPU hot-plug: booted with cpus.max 1; set cpus.max above 2 to make the next one live)",
        "microvm under tcg | restart (microvm has no vCPU hot-plug: booted with cpus.max 1; set cpus.max above 2 to make the next one live)",
        "virt under hvf | restart (virt has no vCPU hot-plug: booted with cpus.max 1; set cpus.max above 2 to make the next one live)",
        "bare under tcg | restart (bare has no vCPU hot-plug: booted with cpus.max 1; )",
        "cloud under kvm | restart (no more is plugged in than it was booted for: booted with cpus.max 1; set cpus.max above 2 to make the next one live)"})
    void moreVcpusThanItWasBootedWith(String runtime, String expected) {
        assertEquals("cpus.limit " + expected, text(diff(runtime, LESS, MORE).get(0)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "microvm under tcg | restart (the balloon cannot exceed boot memory: booted with memory.max 1 GiB; set memory.max above 2 GiB to make the next one live)",
        "virt under hvf | restart (the balloon cannot exceed boot memory: booted with memory.max 1 GiB; set memory.max above 2 GiB to make the next one live)",
        "bare under tcg | restart (bare under tcg adds no memory: booted with memory.max 1 GiB; )",
        "cloud under kvm | restart (no more is plugged in than it was booted for: booted with memory.max 1 GiB; set memory.max above 2 GiB to make the next one live)"})
    void moreMemoryThanItWasBootedWith(String runtime, String expected) {
        assertEquals("memory.limit " + expected, text(diff(runtime, LESS, MORE).get(1)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"microvm under kvm | live (; ) live (; )",
        "virt under hvf | live (; ) live (; )",
        "cloud under kvm | live (; ) live (; )",
        "bare under tcg | restart (bare under tcg brings no vCPUs on or off line; ) restart (bare under tcg has no balloon: memory is fixed when the machine boots; )"})
    void less(String runtime, String expected) {
        List<FieldChange> changes = diff(runtime, MORE, LESS);
        assertEquals("cpus.limit " + expected.replace(") ", ") memory.limit "),
                text(changes.get(0)) + " " + text(changes.get(1)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"cpus: 1 | cpus: {limit: 1, max: 3} | cpus.max",
        "memory: 1GiB | memory: {limit: 1GiB, max: 3GiB} | memory.max"})
    void aHigherCeilingIsARestart(String before, String after, String path) {
        String from = "resources: {" + before + "}";
        String to = "resources: {" + after + "}";
        String ceiling = path.equals("cpus.max") ? "1" : "1 GiB";
        String booted = path + " restart (fixed when the machine boots: booted with " + path + " " + ceiling + "; ";
        assertEquals(booted + "leave " + path + " at " + ceiling + " until the limit needs more)",
                text(diff("microvm under kvm", from, to).getFirst()));
        assertEquals(booted + ")", text(diff("bare under tcg", from, to).getFirst()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "cpus: {limit: 1, max: 2} | cpus: {limit: 1, max: 2, hotplug: true} | cpus.hotplug restart",
        "cpus: {limit: 1, hotplug: true} | cpus: 1 | cpus.hotplug restart",
        "memory: {limit: 1GiB, hugepages: true} | memory: 1GiB | memory.hugepages restart",
        "memory: {limit: 1GiB, hugepages: true} | memory: {limit: 1GiB, hugepages: 2MiB} | memory.hugepages restart",
        "memory: {limit: 1GiB, max: 2GiB} | memory: {limit: 1GiB, max: 2GiB, deflateOnOom: true} | memory.deflateOnOom restart",
        "memory: {limit: 1GiB, max: 2GiB} | memory: {limit: 1GiB, max: 2GiB, hotplug: true} | memory.hotplug restart",
        "memory: {limit: 1GiB, max: 16GiB} | memory: {limit: 1GiB, max: 16GiB, hotplug: false} | memory.hotplug restart",
        "memory: {limit: 1GiB, max: 16GiB} | memory: {limit: 1GiB, max: 16GiB, hotplug: true} | memory.hotplug live",
        "memory: {limit: 1GiB, max: 2GiB} | memory: {limit: 1GiB, max: 2GiB, hotplug: false} | memory.hotplug live"})
    void hardwareIsChosenAtBoot(String before, String after, String expected) {
        List<FieldChange> changes = diff("cloud under kvm", "resources: {" + before + "}",
                "resources: {" + after + "}");
        assertEquals(
                List.of(expected + (expected.endsWith("restart") ? " (a machine's hardware is chosen when it boots; )"
                        : " (says what is so already; )")),
                changes.stream().map(RuntimeDiffTest::text).toList());
    }

    /** A live change of the limit moved each to where its spec says the opposite of what it was booted for. */
    @Test
    void whatWasBootedTellsWhatHotplugChanges() {
        String far = "resources: {memory: {limit: 1GiB, max: 16GiB%s}}";
        String near = "resources: {memory: {limit: 4GiB, max: 16GiB%s}}";
        Optional<Set<Need>> plugs = Optional.of(Set.of(Need.PLUG_MEMORY));
        Optional<Set<Need>> balloons = Optional.of(Set.of());
        assertEquals("live", hotplug(plugs, near, "true"));
        assertEquals("restart", hotplug(plugs, near, "false"));
        assertEquals("restart", hotplug(balloons, far, "true"));
        assertEquals("live", hotplug(balloons, far, "false"));
        assertEquals("restart", hotplug(Optional.empty(), near, "true"), "by the spec, where nothing else tells");
    }

    private static String hotplug(Optional<Set<Need>> met, String spec, String value) {
        List<FieldChange> changes = diff("cloud under kvm", met, spec.formatted(""),
                spec.formatted(", hotplug: " + value));
        assertEquals(List.of("memory.hotplug"), changes.stream().map(FieldChange::path).toList());
        return changes.getFirst().disruption().word();
    }

    /** There is no balloon to move them by, neither down nor up to what was booted. */
    @Test
    void memoryInHugePagesIsFixed() {
        String memory = "resources: {memory: {limit: %s, hugepages: 2MiB}, shm: 64MiB}";
        assertEquals(List.of("memory.limit restart (memory in huge pages is fixed when the machine boots; )"),
                diff("microvm under kvm", memory.formatted("1GiB"), memory.formatted("512MiB")).stream()
                        .map(RuntimeDiffTest::text)
                        .toList());
    }

    /** It would be booted otherwise now, but what it runs on does the same. */
    @Test
    void aLimitThatWouldHaveChosenOtherHardwareIsChangedOnWhatIsThere() {
        assertEquals(List.of("memory.limit live (; )"),
                diff("microvm under kvm", "resources: {memory: {limit: 2GiB, max: 10GiB}, shm: 64MiB}",
                        "resources: {memory: {limit: 1GiB, max: 10GiB}, shm: 64MiB}").stream()
                        .map(RuntimeDiffTest::text)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"resources: {cpus: 0.5} | resources: {cpus: 0.7} | cpus.limit",
        "resources: {cpuset: 0-1} | resources: {cpuset: 0-2} | cpuset",
        "resources: {shares: 512} | resources: {shares: 256} | shares",
        "'resources: {memory: {limit: 1GiB, hard: 2GiB}}' | 'resources: {memory: {limit: 1GiB, hard: 3GiB}}' | memory.hard",
        "resources: {swap: true} | resources: {swap: false} | swap"})
    void aLimitBindsWhereTheDriverEnforcesIt(String before, String after, String path) {
        assertEquals(path + " live (recorded; it cannot bind here; )",
                text(diff("microvm under kvm", before, after).getFirst()));
        assertEquals(path + " live (; )", text(diff("cloud under kvm", before, after).getFirst()));
    }

    @Test
    void portsAndSharedMemoryAreFixedWhereTheDriverCannotChangeThem() {
        String from = "resources: {shm: 64MiB}, ports: ['1:1']";
        String to = "resources: {shm: 65MiB}, ports: ['1:2']";
        assertEquals(List.of("shm restart (bare under tcg sizes /dev/shm only when the machine boots; )",
                "ports restart (bare under tcg forwards ports only from when the machine boots; )"),
                diff("bare under tcg", from, to).stream().map(RuntimeDiffTest::text).toList());
        assertTrue(diff("virt under hvf", from, to).stream()
                .allMatch(change -> change.disruption() == Disruption.LIVE));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"microvm under tcg | live (; )", "virt under hvf | live (; )",
        "cloud under kvm | live (; )", "bare under tcg | restart (disks are attached and grown at boot; )"})
    void disksGrowWhereTheDriverGrowsThem(String runtime, String expected) {
        assertEquals(
                List.of("overlay " + expected, "storage " + expected, "disks.d " + expected,
                        "disks.e restart (disks are attached at boot; )"),
                diff(runtime, "resources: {overlay: 1, storage: 1, disks: {d: 1}}",
                        "resources: {overlay: 2, storage: 2, disks: {d: 2, e: 1}}").stream()
                        .map(RuntimeDiffTest::text)
                        .toList());
    }

    @Test
    void aRuntimeThatTheDriverDoesNotKnowIsExpectedToDoNothing() {
        assertEquals(DriverCapabilities.none("q35", Accelerator.KVM), Specs.DRIVER.of("q35", Accelerator.KVM));
        assertEquals(Specs.DRIVER.present(), BootedVmm.of(Optional.empty(), Specs.DRIVER).capabilities());
    }
}

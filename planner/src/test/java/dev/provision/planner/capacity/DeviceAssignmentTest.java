package dev.provision.planner.capacity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import dev.provision.planner.Specs;
import dev.provision.planner.capacity.DeviceAssignment.Taker;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.DeviceInventory;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Attachment;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.HostDevice;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.GpuModel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who gets which device, against invented hosts. */
class DeviceAssignmentTest {

    private static final DriverCapabilities ABLE = new DriverCapabilities("q35", Accelerator.KVM, Set.of(), Set.of(),
            "",
            Set.of(Attachment.values()), 2);

    /**
     * Devices as {@code SLOT ID [MODEL[/PARTITION]] [driver=NAME] [with=SLOT,SLOT]}; those with a model, and those of 10de, are
     * GPUs.
     */
    static DeviceInventory inventory(String... devices) {
        return new DeviceInventory(Arrays.stream(devices).map(DeviceAssignmentTest::device).toList(), Map.of());
    }

    private static HostDevice device(String text) {
        List<String> words = new ArrayList<>(List.of(text.split(" ")));
        DeviceAddress address = at(words.removeFirst());
        String id = words.removeFirst();
        Optional<GpuModel> model = Optional.empty();
        Optional<String> partition = Optional.empty();
        Optional<String> driver = Optional.empty();
        List<DeviceAddress> companions = List.of();
        for (String word : words) {
            if (word.startsWith("driver=")) {
                driver = Optional.of(word.substring("driver=".length()));
            } else if (word.startsWith("with=")) {
                companions = Arrays.stream(word.substring("with=".length()).split(","))
                        .map(DeviceAssignmentTest::at)
                        .toList();
            } else {
                model = GpuModel.of(word.replaceFirst("/.*", ""));
                partition = word.contains("/") ? Optional.of(word.replaceFirst(".*/", "")) : partition;
            }
        }
        return new HostDevice(address, id, id, id.startsWith("10de"), model, partition, OptionalInt.empty(), companions,
                driver, Optional.empty(), Optional.empty());
    }

    private static DeviceAddress at(String slot) {
        return new DeviceAddress("0000:" + slot + ":00.0");
    }

    private record Result(Map<String, String> given, List<Diagnostic> problems) {
        String reason() {
            return problems.getFirst().what() + ": " + problems.getFirst().why();
        }
    }

    private static Result assign(DeviceInventory inventory, String machines, Map<String, String> had) {
        Fleet fleet = Specs.fleet("machines: {" + machines + "}");
        Problems problems = new Problems();
        List<Taker> takers = fleet.machines()
                .values()
                .stream()
                .map(machine -> new Taker(Claim.of(machine), slots(had.getOrDefault(machine.spec().name(), "")),
                        !had.getOrDefault(machine.spec().name(), "").isEmpty()))
                .toList();
        Map<String, String> given = new TreeMap<>();
        DeviceAssignment.of(takers, Map.of(), inventory, new DriverDeclaration(ABLE, List.of()), problems)
                .forEach((name, devices) -> given.put(name,
                        String.join(" ", devices.stream().map(address -> address.text().substring(5, 7)).toList())));
        return new Result(given, problems.sorted());
    }

    private static List<DeviceAddress> slots(String text) {
        return text.isEmpty() ? List.of() : Arrays.stream(text.split(" ")).map(DeviceAssignmentTest::at).toList();
    }

    private static Result assign(DeviceInventory inventory, String machines) {
        return assign(inventory, machines, Map.of());
    }

    private static String wants(String name, String resources) {
        return name + ": {resources: {" + resources + "}}";
    }

    @Test
    void whoeverLeavesLessOpenChoosesFirst() {
        Result result = assign(inventory("01 10de:20b0 A100", "02 10de:1eb8 T4", "03 10de:20b0 A100"),
                wants("any", "gpu: 1") + "," + wants("model", "gpu: A100") + ","
                        + wants("place", "devices: ['01:00.0']"));
        assertEquals(List.of(), result.problems());
        assertEquals(Map.of("any", "02", "model", "03", "place", "01"), result.given());
    }

    @Test
    void aMachineKeepsWhatItHas() {
        DeviceInventory four = inventory("01 10de:1eb8 T4", "02 10de:1eb8 T4", "03 10de:1eb8 T4", "04 10de:1eb8 T4");
        String machines = wants("a", "gpu: T4") + "," + wants("b", "gpu: 'T4:2'");
        assertEquals(Map.of("a", "01", "b", "02 03"), assign(four, machines).given());
        assertEquals(Map.of("a", "03", "b", "04 01"), assign(four, machines, Map.of("a", "03", "b", "04")).given());
    }

    @Test
    void whatAMachineLetsGoOfIsFreeOnlyWhenItHasStopped() {
        Result result = assign(inventory("01 10de:1eb8 T4"), wants("a", "cpus: 1") + "," + wants("b", "gpu: T4"),
                Map.of("a", "01"));
        assertEquals("`b` asks for T4, which this host cannot give it: 0000:01:00.0: `a` has it", result.reason());
    }

    @Test
    void aGroupIsOneMachines() {
        DeviceInventory pair = inventory("01 10de:1eb8 T4 with=02", "02 1ae0:0027 with=01", "03 1ae0:0027");
        Result alone = assign(pair, wants("a", "gpu: T4") + "," + wants("b", "devices: ['02:00.0']"));
        assertEquals(
                "`a` asks for T4, which this host cannot give it: 0000:01:00.0: `b` has 0000:02:00.0, which is in the"
                        + " same IOMMU group",
                alone.reason());
        Result both = assign(pair, wants("a", "gpu: T4, devices: ['02:00.0']"));
        assertEquals(List.of(), both.problems());
        assertEquals(Map.of("a", "01 02"), both.given());
        assertEquals(Map.of("a", "03"), assign(pair, wants("a", "devices: ['1ae0:0027']")).given(),
                "no group is torn where there is another one");
    }

    @Test
    void whatTheHostUsesOfAGroupIsNamed() {
        DeviceInventory sound = inventory("01 10de:1eb8 T4 with=02", "02 10de:10f0 driver=snd_hda_intel with=01");
        assertEquals(
                "`a` asks for T4, which this host cannot give it: 0000:01:00.0: the host uses 0000:02:00.0 of the same"
                        + " IOMMU group by its driver snd_hda_intel",
                assign(sound, wants("a", "gpu: T4")).reason());
        assertEquals(Map.of("a", "01 02"), assign(sound, wants("a", "gpu: T4, devices: ['02:00.0']")).given());
    }

    @Test
    void aDriverOfTheHostIsOnlyUnboundFromWhatIsNamedByItsAddress() {
        DeviceInventory driven = inventory("01 1ae0:0027 driver=gasket")
                .named(Map.of("tpu", new DeviceSelector.PciAddress("0000:01:00.0"), "tpus",
                        new DeviceSelector.PciId("1ae0:0027")));
        assertEquals(Map.of("a", "01"), assign(driven, wants("a", "devices: ['01:00.0']")).given());
        assertEquals(Map.of("a", "01"), assign(driven, wants("a", "devices: [tpu]")).given());
        assertTrue(assign(driven, wants("a", "devices: [tpus]")).reason()
                .endsWith(
                        "asks for tpus (1ae0:0027), which this host cannot give it: 0000:01:00.0: the host uses it by its"
                                + " driver gasket"));
    }

    @Test
    void partitionsAndWholesAreTold() {
        DeviceInventory parts = inventory("01 10de:20b0 A100/3g.20gb", "02 10de:20b0 A100/1g.5gb", "03 10de:20b0 A100");
        assertEquals(Map.of("a", "01", "b", "03"), assign(parts,
                wants("a", "gpu: {device: A100, partition: 3g.20gb}") + "," + wants("b", "gpu: 1")).given());
        assertEquals("`a` asks for A100/7g.40gb, which this host cannot give it: there is no such device here",
                assign(parts, wants("a", "gpu: {device: A100, partition: 7g.40gb}")).reason());
    }

    @Test
    void anotherFleetsDeviceIsNotFree() {
        DeviceInventory held = inventory("01 10de:1eb8 T4").held(Map.of(at("01"), "prod/db"));
        assertTrue(assign(held, wants("a", "gpu: T4")).reason().endsWith("machine prod/db of another fleet has it"));
    }

    @Test
    void nothingIsToldTwiceOrGivenTwice() {
        Result result = assign(inventory("01 10de:1eb8 T4", "02 10de:1eb8 T4"),
                "a: {count: 4, resources: {gpu: T4}}");
        assertEquals(2, result.given().values().stream().filter(slot -> !slot.isEmpty()).distinct().count());
        assertEquals(1, result.problems().size(), "one entry, one problem");
    }

    @Test
    void jobsAreToldThatTheyTakeNoTurns() {
        String job = ", run: {command: [train], restart: never}}";
        String jobs = "a: {resources: {gpu: T4}" + job + ", b: {resources: {gpu: T4}" + job;
        assertEquals(
                "`b` asks for T4, which this host cannot give it: 0000:01:00.0: `a` has it; batch jobs take no turns"
                        + " on devices: each keeps its own until it is destroyed",
                assign(inventory("01 10de:1eb8 T4"), jobs).reason());
    }

    @Test
    void devicesTakePlacesAsDisksDo() {
        String three = "resources: {devices: [{pci: '1ae0:0027', quantity: 3}]";
        assertEquals("{resources.devices=3 host devices, networks, volumes and named disks (2 at most)}",
                EngineSupport.missing(Specs.machine(three + "}"), ABLE).toString());
        assertEquals("{resources.gpu=3 host devices, networks, volumes and named disks (2 at most)}",
                EngineSupport.missing(Specs.machine("resources: {gpu: 2, disks: {d: {size: 1GiB}}}"), ABLE).toString());
        assertEquals("{}", EngineSupport.missing(Specs.machine("resources: {gpu: 2}"), ABLE).toString());
    }
}

package dev.provision.planner.capacity;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.provision.planner.Specs;
import dev.provision.planner.host.GpuInventory;
import dev.provision.planner.host.GpuInventory.Gpu;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.GpuModel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The fleet's GPUs against invented inventories. */
class GpuCheckTest {

    private static GpuInventory inventory(String models) {
        List<Gpu> gpus = new ArrayList<>();
        for (String model : List.of(models.split(" "))) {
            boolean cuttable = model.endsWith("/");
            gpus.add(new Gpu("0000:0" + gpus.size() + ":00.0",
                    GpuModel.of(model.replace("/", "")), cuttable));
        }
        return new GpuInventory(gpus, List.of());
    }

    private static List<Diagnostic> check(String machines, GpuInventory inventory) {
        Problems problems = new Problems();
        GpuCheck.run(Claim.of(Specs.fleet("machines: {" + machines + "}")), inventory, problems);
        return problems.sorted();
    }

    private static String gpu(String name, String request) {
        return name + ": {resources: {gpu: " + request + "}}";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"T4 | 'A100:1' | 1 × A100", "A100 A100 | 'A100:2' | ''",
        "A100 A100 | 'A100:3' | 1 × A100", "T4 A100 | 2 | ''", "T4 A100 | 3 | 1 of any model",
        "A100/ | {device: A100, quantity: 7, partition: 1g.5gb} | ''",
        "A100/ | {device: A100, quantity: 8, partition: 1g.5gb} | 1 × A100 to cut into 1g.5gb",
        "A100 | {device: A100, quantity: 1, partition: 1g.5gb} | 1 × A100 to cut into 1g.5gb",
        "A100/ | {device: A100, quantity: 3, partition: 3g.20gb} | 1 × A100 to cut into 3g.20gb"})
    void oneMachine(String there, String request, String lacking) {
        List<String> expected = lacking.isEmpty() ? List.of()
                : List.of("the fleet asks for more GPUs than there are: " + lacking + " too few");
        assertEquals(expected, check(gpu("a", request), inventory(there)).stream().map(Diagnostic::what).toList());
    }

    @Test
    void aDeviceThatIsCutIsNotGivenAsAWhole() {
        String machines = gpu("cut", "{device: A100, quantity: 1, partition: 3g.20gb}") + ", "
                + gpu("whole", "'A100:1'");
        assertEquals(List.of(), check(machines, inventory("A100/ A100")));
        Diagnostic problem = check(machines, inventory("A100/ T4")).getFirst();
        assertEquals("the fleet asks for more GPUs than there are: 1 × A100 too few", problem.what());
        assertEquals("this host has 1 × A100, 1 × T4; a GPU is given to one machine, or cut into partitions",
                problem.why());
        assertEquals(List.of("`cut` asks for A100:1/3g.20gb", "`whole` asks for A100:1"),
                problem.related().stream().map(Diagnostic.Related::role).toList());
    }

    @Test
    void partitionsThatAreCutServeFirst() {
        GpuInventory cut = new GpuInventory(List.of(),
                List.of(new GpuInventory.Partition(GpuModel.A100, "3g.20gb"),
                        new GpuInventory.Partition(GpuModel.A100, "1g.5gb")));
        assertEquals("1 × A100/1g.5gb, 1 × A100/3g.20gb", cut.toString());
        assertEquals(List.of(), check(gpu("a", "{device: A100, quantity: 1, partition: 3g.20gb}"), cut));
        assertEquals("the fleet asks for more GPUs than there are: 1 × A100 to cut into 3g.20gb too few",
                check(gpu("a", "{device: A100, quantity: 2, partition: 3g.20gb}"), cut).getFirst().what());
    }

    @Test
    void emulatedOnesCountNothing() {
        assertEquals(List.of(), check(gpu("a", "true") + ", " + gpu("b", "1"), inventory("T4")));
    }

    @Test
    void whatIsAskedOfAnyModelTakesWhatIsLeft() {
        String machines = gpu("any", "1") + ", " + gpu("t", "'T4:1'");
        assertEquals(List.of(), check(machines, inventory("T4 T4")));
        assertEquals("the fleet asks for more GPUs than there are: 1 of any model too few",
                check(machines, inventory("T4")).getFirst().what());
    }

    @Test
    void withoutAnInventoryTheEngineRefusesAlone() {
        assertEquals(List.of(), check(gpu("a", "1"), GpuInventory.NONE));
    }

    /** The packing against trying every way, for up to seven partitions. */
    @ParameterizedTest
    @EnumSource(value = GpuModel.class, names = {"A100", "H100"})
    void noPackingTakesFewerDevices(GpuModel model) {
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            List<String> partitions = IntStream.range(0, 1 + random.nextInt(7))
                    .mapToObj(_ -> model.partitions().get(random.nextInt(model.partitions().size())))
                    .toList();
            int devices = MigPacking.devices(model, partitions);
            assertFalse(fits(model, partitions, 0, devices(devices - 1)), partitions::toString);
            assertTrue(fits(model, partitions, 0, devices(devices)), partitions::toString);
        }
    }

    private static List<BitSet> devices(int count) {
        return IntStream.range(0, count).mapToObj(_ -> new BitSet()).toList();
    }

    private static boolean fits(GpuModel model, List<String> partitions, int next, List<BitSet> devices) {
        if (next == partitions.size()) {
            return true;
        }
        Placement placement = placement(model, partitions.get(next));
        for (BitSet device : devices) {
            for (int start : placement.starts()) {
                if (device.get(start, start + placement.slices()).isEmpty()) {
                    device.set(start, start + placement.slices());
                    if (fits(model, partitions, next + 1, devices)) {
                        return true;
                    }
                    device.clear(start, start + placement.slices());
                }
            }
            if (device.isEmpty()) {
                break; // the other empty devices are the same
            }
        }
        return false;
    }

    /** Slices and where they may begin, as {@code nvidia-smi mig -lgipp} lists them. */
    private record Placement(int slices, List<Integer> starts) {}

    private static Placement placement(GpuModel model, String partition) {
        return switch (partition.charAt(0)) {
            case '7' -> new Placement(8, List.of(0));
            case '4' -> new Placement(4, List.of(0));
            case '3' -> new Placement(4, List.of(0, 4));
            case '2' -> new Placement(2, List.of(0, 2, 4));
            default -> partition.equals(model.partitions().getFirst())
                    ? new Placement(1, List.of(0, 1, 2, 3, 4, 5, 6))
                    : new Placement(2, List.of(0, 2, 4, 6));
        };
    }
}

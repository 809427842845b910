package dev.provision.planner.host;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.provision.schema.fleet.GpuModel;

/** The GPUs that can be given to machines of this host; none as long as the engine can give none. */
public record GpuInventory(List<Gpu> gpus) {

    public static final GpuInventory NONE = new GpuInventory(List.of());

    /**
     * One device. It is given to one machine as a whole, or cut into partitions, never both.
     *
     * @param address
     *            on the PCI bus
     * @param partitionable
     *            it may be cut into the partitions of its model
     */
    public record Gpu(String address, GpuModel model, boolean partitionable) {}

    public GpuInventory {
        gpus = List.copyOf(gpus);
    }

    /** {@code 2 × A100, 1 × T4}. */
    @Override
    public String toString() {
        Map<String, Long> counts = gpus.stream()
                .collect(Collectors.groupingBy(gpu -> gpu.model().toString(), TreeMap::new, Collectors.counting()));
        return counts.isEmpty() ? "no GPU"
                : counts.entrySet()
                        .stream()
                        .map(entry -> entry.getValue() + " × " + entry.getKey())
                        .collect(Collectors.joining(", "));
    }
}

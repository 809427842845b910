package dev.provision.planner.host;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.provision.schema.fleet.GpuModel;

/**
 * The GPUs that can be given to machines of this host; none where the driver can give none.
 *
 * @param partitions
 *            those that are cut already
 */
public record GpuInventory(List<Gpu> gpus, List<Partition> partitions) {

    public static final GpuInventory NONE = new GpuInventory(List.of(), List.of());

    /**
     * One device. It is given to one machine as a whole, or cut into partitions, never both.
     *
     * @param address
     *            on the PCI bus
     * @param model
     *            when it is one that manifests have a name for
     * @param partitionable
     *            it may be cut into the partitions of its model
     */
    public record Gpu(String address, Optional<GpuModel> model, boolean partitionable) {}

    /** A part of a device that is there, {@code 3g.20gb}. */
    public record Partition(GpuModel model, String profile) {}

    public GpuInventory {
        gpus = List.copyOf(gpus);
        partitions = List.copyOf(partitions);
    }

    public boolean isEmpty() {
        return gpus.isEmpty() && partitions.isEmpty();
    }

    /** {@code 2 × A100, 1 × A100/3g.20gb, 1 × T4}. */
    @Override
    public String toString() {
        Map<String, Long> counts = Stream
                .concat(gpus.stream().map(gpu -> gpu.model().map(GpuModel::toString).orElse("GPU of another model")),
                        partitions.stream().map(part -> part.model() + "/" + part.profile()))
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        return counts.isEmpty() ? "no GPU"
                : counts.entrySet()
                        .stream()
                        .map(entry -> entry.getValue() + " × " + entry.getKey())
                        .collect(Collectors.joining(", "));
    }
}

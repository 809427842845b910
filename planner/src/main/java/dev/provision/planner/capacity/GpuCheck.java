package dev.provision.planner.capacity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.provision.planner.host.GpuInventory;
import dev.provision.planner.host.GpuInventory.Gpu;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.GpuModel;
import dev.provision.schema.fleet.GpuRequest;

/**
 * Are there GPUs for all machines at once? A device is given to one machine, or cut into partitions; a device that is cut
 * cannot be given as a whole. What is cut already serves first. Nothing is said where there is no inventory: then {@link EngineSupport} refuses, and {@link DeviceAssignment}. Emulated ones count nothing.
 */
final class GpuCheck {

    private final Map<GpuModel, Integer> whole = new EnumMap<>(GpuModel.class);
    private final Map<GpuModel, List<String>> partitions = new EnumMap<>(GpuModel.class);
    private int ofAnyModel;

    private GpuCheck() {}

    static void run(Collection<Claim> claims, GpuInventory inventory, Problems problems) {
        List<Claim> takers = claims.stream()
                .filter(claim -> claim.spec().resources().gpu().filter(gpu -> !gpu.isEmulated()).isPresent())
                .toList();
        if (takers.isEmpty() || inventory.isEmpty()) {
            return;
        }
        GpuCheck check = new GpuCheck();
        takers.forEach(claim -> claim.spec().resources().gpu().ifPresent(check::count));
        List<String> lacking = check.lacking(inventory);
        if (!lacking.isEmpty()) {
            Diagnostic problem = Diagnostic.error(Code.GPUS_EXCEED_HOST,
                    "the fleet asks for more GPUs than there are: " + String.join(", ", lacking) + " too few");
            for (List<Claim> entry : PoolDemand.byEntry(takers).values()) {
                Claim first = entry.getFirst();
                String asked = first.spec().resources().gpu().map(GpuRequest::toString).orElse("");
                problem = first.written().isEmpty() ? problem
                        : problem.related(first.written().get().origin().at("resources", "gpu"),
                                "`" + first.entry() + "` asks for " + asked
                                        + (entry.size() == 1 ? "" : ", " + entry.size() + " times"));
            }
            boolean jobs = takers.stream().anyMatch(claim -> claim.spec().isJob());
            problems.add(problem
                    .why("this host has " + inventory + "; a GPU is given to one machine, or cut into partitions"
                            + (jobs ? "; " + DeviceAssignment.NO_TURNS : ""))
                    .fix("lower quantities or counts, ask for partitions, or for a model that is left"
                            + (jobs ? "; jobs that have ended free theirs by: provision destroy NAME" : "")));
        }
    }

    private void count(GpuRequest request) {
        if (request.model().isEmpty()) {
            ofAnyModel += request.quantity();
        } else if (request.partition().isEmpty()) {
            whole.merge(request.model().get(), request.quantity(), Integer::sum);
        } else {
            List<String> cut = partitions.computeIfAbsent(request.model().get(), _ -> new ArrayList<>());
            for (int i = 0; i < request.quantity(); i++) {
                cut.add(request.partition().get());
            }
        }
    }

    /** Partitions that are asked for and not there yet. */
    private List<String> uncut(GpuModel model, GpuInventory inventory) {
        List<String> uncut = new ArrayList<>(partitions.getOrDefault(model, List.of()));
        inventory.partitions()
                .stream()
                .filter(part -> part.model() == model)
                .forEach(part -> uncut.remove(part.profile()));
        return uncut;
    }

    /** What is missing, by model; empty when everybody can be served. */
    private List<String> lacking(GpuInventory inventory) {
        List<String> lacking = new ArrayList<>();
        int left = (int) inventory.gpus().stream().filter(gpu -> gpu.model().isEmpty()).count();
        for (GpuModel model : GpuModel.values()) {
            List<Gpu> there = inventory.gpus()
                    .stream()
                    .filter(gpu -> gpu.model().filter(model::equals).isPresent())
                    .toList();
            int cuttable = (int) there.stream().filter(Gpu::partitionable).count();
            List<String> uncut = uncut(model, inventory);
            int toCut = MigPacking.devices(model, uncut);
            if (toCut > cuttable) {
                lacking.add((toCut - cuttable) + " × " + model + " to cut into "
                        + uncut.stream()
                                .distinct()
                                .sorted()
                                .collect(Collectors.joining(" and ")));
            }
            int free = there.size() - Math.min(toCut, cuttable) - whole.getOrDefault(model, 0);
            if (free < 0) {
                lacking.add(-free + " × " + model);
            }
            left += Math.max(0, free);
        }
        if (ofAnyModel > left) {
            lacking.add((ofAnyModel - left) + " of any model");
        }
        return lacking;
    }
}

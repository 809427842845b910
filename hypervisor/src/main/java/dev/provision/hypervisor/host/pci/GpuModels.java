package dev.provision.hypervisor.host.pci;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.schema.fleet.GpuModel;

/**
 * Which models GPUs are. By vendor and device, from the public list of PCI ids (pci.ids of 2026-08-22); cards of a family that have
 * another size of memory, so other partitions, are none of these models.
 */
final class GpuModels {

    private static final Map<String, GpuModel> BY_ID = Map.ofEntries(
            // TU104GL [Tesla T4], AD104GL [L4], AD102GL [L40S]
            Map.entry("10de:1eb8", GpuModel.T4), Map.entry("10de:27b8", GpuModel.L4),
            Map.entry("10de:26b9", GpuModel.L40S),
            // GA100 [A100 SXM4 40GB], [A100 PCIe 40GB] twice
            Map.entry("10de:20b0", GpuModel.A100), Map.entry("10de:20b1", GpuModel.A100),
            Map.entry("10de:20f1", GpuModel.A100),
            // GA100 [A100 SXM4 80GB], [A100 PCIe 80GB]
            Map.entry("10de:20b2", GpuModel.A100_80G), Map.entry("10de:20b5", GpuModel.A100_80G),
            // GH100 [H100 SXM5 80GB], [H100 PCIe]
            Map.entry("10de:2330", GpuModel.H100), Map.entry("10de:2331", GpuModel.H100));

    /**
     * Names of the vGPU types that a MIG instance backs (NVIDIA vGPU User Guide, "Virtual GPU Types"): board, slices of computing,
     * memory in GB, {@code C} for computing, {@code ME} with the media engines. Those of shared time have no slices.
     */
    private static final Pattern MIG_BACKED = Pattern
            .compile("(?:NVIDIA|GRID) [A-Z0-9]+-([1-7])-([0-9]+)C(ME)?");

    private GpuModels() {}

    static Optional<GpuModel> of(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }

    /** The MIG partition that a vGPU of this type is: {@code 3g.20gb} for {@code NVIDIA A100-3-20C}. */
    static Optional<String> partition(String vgpuType) {
        Matcher type = MIG_BACKED.matcher(vgpuType);
        return type.matches()
                ? Optional.of(type.group(1) + "g." + type.group(2) + "gb" + (type.group(3) == null ? "" : "+me"))
                : Optional.empty();
    }
}

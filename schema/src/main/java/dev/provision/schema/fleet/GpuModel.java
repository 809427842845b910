package dev.provision.schema.fleet;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * GPUs that can be asked for by name, and the MIG partitions each can be cut into (NVIDIA MIG User Guide, profiles). One of
 * them is no device of the host: the VMM emulates it.
 */
public enum GpuModel {
    /** A display device that the VMM emulates; every host has it. */
    VIRTIO("virtio", ""),
    T4("T4", ""),
    L4("L4", ""),
    L40S("L40s", ""),
    A100("A100", "1g.5gb 2g.10gb 3g.20gb 4g.20gb 7g.40gb"),
    A100_80G("A100 80G", "1g.10gb 2g.20gb 3g.40gb 4g.40gb 7g.80gb"),
    H100("H100", "1g.10gb 1g.20gb 2g.20gb 3g.40gb 4g.40gb 7g.80gb");

    private final String word;
    private final String partitions;

    GpuModel(String word, String partitions) {
        this.word = word;
        this.partitions = partitions;
    }

    /** The sizes it can be cut into, smallest first; empty: it cannot be. */
    public List<String> partitions() {
        return partitions.isEmpty() ? List.of() : List.of(partitions.split(" "));
    }

    /** The VMM makes it; no device of the host is needed. */
    public boolean isEmulated() {
        return this == VIRTIO;
    }

    /** Flyte's name, or another spelling of it: {@code a100-80gb}, {@code A100_80G}; the A100 without a size is the one of 40 GB. */
    public static Optional<GpuModel> of(String name) {
        String plain = plain(name).replaceFirst("^a10040g$", "a100");
        return Arrays.stream(values())
                .filter(model -> model.isEmulated() ? model.word.equalsIgnoreCase(name.strip())
                        : plain(model.word).equals(plain))
                .findFirst();
    }

    private static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replaceAll("[ _-]", "").replaceFirst("gb$", "g");
    }

    /** The name that manifests write. */
    @Override
    public String toString() {
        return word;
    }
}

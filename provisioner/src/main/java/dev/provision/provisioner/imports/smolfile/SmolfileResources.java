package dev.provision.provisioner.imports.smolfile;

import java.util.Optional;

import dev.provision.provisioner.imports.draft.MachineDraft;
import dev.provision.provisioner.imports.draft.Value;
import dev.provision.provisioner.imports.source.Keys;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.schema.units.ByteSize;

/** CPUs, memory, disks and GPU of a Smolfile. */
final class SmolfileResources {

    /** smolvm's defaults. */
    private static final long CPUS = 4;
    private static final long MEMORY_MIB = 8192;
    private static final long OVERLAY_GIB = 10;

    /** smolvm counts them in 8 bits. */
    private static final long MOST_CPUS = 255;
    private static final long LEAST_MEMORY_MIB = 128;
    private static final long MOST_MEMORY_MIB = 16L << 20;
    private static final long MOST_DISK_GIB = 3 << 10;

    private final Keys file;
    private final MachineDraft machine;
    private final Remarks remarks;

    SmolfileResources(Keys file, MachineDraft machine) {
        this.file = file;
        this.machine = machine;
        this.remarks = machine.remarks();
    }

    void convert() {
        cpusAndMemory();
        disks();
        gpu();
    }

    private void cpusAndMemory() {
        machine.resource("cpus", Value.word(file.whole("cpus", 1, MOST_CPUS).orElse(CPUS)));
        long memory = file.whole("memory", 1, Long.MAX_VALUE).orElse(MEMORY_MIB);
        long bounded = Math.clamp(memory, LEAST_MEMORY_MIB, MOST_MEMORY_MIB);
        if (bounded != memory) {
            remarks.note(file.place("memory"), "the memory is " + ByteSize.ofMib(bounded),
                    "a machine has 128 MiB to 16 TiB");
        }
        machine.resource("memory", Value.word(ByteSize.ofMib(bounded).canonical()));
        if (!file.has("cpus") || !file.has("memory") || !file.has("overlay")) {
            remarks.note(file.span(), "what is not said of CPUs, memory and overlay is smolvm's default",
                    CPUS + " CPUs, " + MEMORY_MIB + " MiB, " + OVERLAY_GIB + " GiB");
        }
    }

    private void disks() {
        machine.resource("overlay", Value.word(gib("overlay").orElse(ByteSize.ofGib(OVERLAY_GIB)).canonical()));
        gib("storage").ifPresent(size -> {
            machine.resource("storage", Value.word(size.canonical()));
            machine.takeMount("/data");
            remarks.weaker(file.place("storage"), "the storage disk is mounted at /data",
                    "smolvm mounts it at /storage");
        });
    }

    private Optional<ByteSize> gib(String key) {
        return file.whole(key, 1, Long.MAX_VALUE).map(gib -> {
            if (gib > MOST_DISK_GIB) {
                remarks.weaker(file.place(key), "`" + key + "` is " + ByteSize.ofGib(MOST_DISK_GIB),
                        "no disk is larger");
            }
            return ByteSize.ofGib(Math.min(gib, MOST_DISK_GIB));
        });
    }

    private void gpu() {
        boolean vulkan = file.truth("gpu").orElse(false);
        boolean graph = file.truth("auto_graph").orElse(false);
        boolean cuda = file.truth("cuda").orElse(graph);
        if (vulkan || cuda) {
            machine.resource("gpu", Value.word(1));
            remarks.weaker(file.place(vulkan ? "gpu" : graph ? "auto_graph" : "cuda"),
                    "the machine takes a GPU of the host for itself", "smolvm only passes "
                            + (vulkan ? "Vulkan" : "CUDA") + " calls on to it, so that others can use it too");
        }
    }
}

package dev.provision.hypervisor.qemu.commandline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

import dev.provision.planner.host.Need;
import dev.provision.schema.fleet.CpuRange;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.units.ByteSize;

/** How many vCPUs and how much memory a VMM has when it starts, and what can be plugged into it later. */
final class Sizing {
    /**
     * Linux adds memory in blocks of 128 MiB (arch/x86/mm/init_64.c, and as much on arm64 with pages of 4 KiB) and cannot
     * use the part of a region that fills none.
     */
    private static final ByteSize GUEST_BLOCK = ByteSize.ofMib(128);

    /** Within a block the guest plugs what its allocator can hold back: 4 MiB (MAX_ORDER, before Linux 6.8 on x86). */
    private static final String STEP = "4M";

    private final CpuRange cpus;
    private final MemoryRange memory;
    private final boolean plugsVcpus;
    private final boolean plugsMemory;

    Sizing(CommandLineInput input) {
        this.cpus = input.spec().resources().cpus();
        this.memory = input.spec().resources().memory();
        this.plugsVcpus = input.needs().contains(Need.PLUG_VCPUS);
        this.plugsMemory = input.needs().contains(Need.PLUG_MEMORY) && memory.limit().compareTo(memory.max()) < 0;
    }

    /** The value of {@code -smp}. */
    String vcpus() {
        return plugsVcpus ? cpus.limit().vcpus() + ",maxcpus=" + cpus.max().vcpus()
                : Integer.toString(cpus.max().vcpus());
    }

    /** The value of {@code -m}. */
    String memory() {
        return atBoot().mib() + "M" + (plugsMemory ? ",maxmem=" + atBoot().plus(region()).mib() + "M" : "");
    }

    /** Memory that is there from the start. */
    ByteSize atBoot() {
        return plugsMemory ? memory.limit() : memory.max();
    }

    /**
     * The object that is the memory from the start, as a file that other processes can be given. Huge pages are all taken before
     * the guest runs: a VMM that finds none later is killed by SIGBUS. Without a size they have the host's default one.
     */
    OptionValue backend(String id) {
        OptionValue backend = OptionValue.of("memory-backend-memfd")
                .with("id", id)
                .with("size", atBoot().mib() + "M")
                .with("share", "on");
        memory.hugepages().ifPresent(pages -> {
            backend.with("hugetlb", "on");
            pages.size().ifPresent(size -> backend.with("hugetlbsize", size.mib() + "M"));
            backend.with("prealloc", "on");
        });
        return backend;
    }

    private ByteSize region() {
        long missing = memory.max().minusOrZero(memory.limit()).mib();
        return ByteSize.ofMib(Math.ceilDiv(missing, GUEST_BLOCK.mib()) * GUEST_BLOCK.mib());
    }

    /** What the guest's kernel has to be told: what it did not boot with holds nothing that could not be moved away again. */
    List<String> kernelWords() {
        return plugsMemory ? List.of("memhp_default_state=online_movable") : List.of();
    }

    /**
     * The device that plugs memory, by options: none where none is plugged.
     *
     * @param shared
     *            other processes must have the memory too
     */
    SequencedMap<String, Object> device(boolean shared) {
        SequencedMap<String, Object> options = new LinkedHashMap<>();
        if (plugsMemory) {
            OptionValue backend = OptionValue.of(shared ? "memory-backend-memfd" : "memory-backend-ram")
                    .with("id", "ram1")
                    .with("size", region().mib() + "M");
            // What is not plugged in is nobody's: the host need not set it aside.
            options.put("-object", (shared ? backend.with("share", "on") : backend).with("reserve", "off"));
            options.put("-device", OptionValue.of("virtio-mem-pci")
                    .with("id", "mem0")
                    .with("memdev", "ram1")
                    .with("block-size", STEP)
                    .with("requested-size", 0));
        }
        return options;
    }
}

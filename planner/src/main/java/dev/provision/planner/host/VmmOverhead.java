package dev.provision.planner.host;

import dev.provision.schema.fleet.GpuRequest;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.Resources;
import dev.provision.schema.units.ByteSize;

/**
 * What a VMM takes of the host's memory beside the memory of its guest, as a model of what was measured of QEMU 7.2 under
 * TCG with eleven VMMs side by side (docs/performance.md has the figures):
 * <ul>
 * <li>its heap, stacks and device models, and its part of the pages of QEMU and its libraries that all VMMs share: 32 MiB
 * were seen, 40 are counted; the shared pages themselves, 66 MiB once a host, are page cache that can be dropped,</li>
 * <li>0.3 MiB for each vCPU it was started with, 0.8 for each disk: 1 MiB is counted,</li>
 * <li>for each volume the two processes that serve it: 0.9 MiB each were seen, 2 MiB are counted,</li>
 * <li>for an emulated GPU what its guest may keep in it: 64 MiB, which the command line holds it to,</li>
 * <li>page tables: eight bytes for each page of 4 KiB of the most the guest can have, once in the host's tables and, where
 * the processor translates, once more in the second level (EPT, NPT; Intel SDM 3C 30.3),</li>
 * <li>under TCG the translated code: 53 to 60 MiB after a boot, 5 more for each disk that gets a file system. It grows with the variety of what
 * the guest runs; QEMU's bound is 1 GiB, which no guest of ours came near.</li>
 * </ul>
 * On q35 the translated code was 4 to 6 MiB more than on microvm and the rest as much (eight VMMs, four of each): 90 MiB of the 106
 * that are counted for one vCPU, 107 of the 118 for two disks. So one figure serves both.
 * KVM and HVF were not measured: they have no translated code, the rest is the same program.
 *
 * @param base
 *            of every VMM
 * @param ofDisk
 *            for each disk
 * @param tables
 *            page tables that map the guest's memory
 */
public record VmmOverhead(ByteSize base, ByteSize ofVcpu, ByteSize ofDisk, int tables) {

    /** No overhead at all: what fixed pools count. */
    public static final VmmOverhead NONE = new VmmOverhead(ByteSize.ZERO, ByteSize.ZERO, ByteSize.ZERO, 0);

    /** A page table entry has 8 bytes and maps 4 KiB. */
    private static final long GUEST_BYTES_PER_TABLE_BYTE = 512;

    private static final VmmOverhead HARDWARE = new VmmOverhead(ByteSize.ofMib(40), ByteSize.ofMib(1),
            ByteSize.ofMib(1), 2);
    private static final VmmOverhead SOFTWARE = new VmmOverhead(ByteSize.ofMib(40 + 64), ByteSize.ofMib(1),
            ByteSize.ofMib(1 + 5), 1);

    private static final ByteSize OF_VOLUME = ByteSize.ofMib(2);

    /** The most that a guest may keep in its emulated GPU ({@code max_hostmem} of QEMU's virtio-gpu). */
    public static final ByteSize OF_EMULATED_GPU = ByteSize.ofMib(64);

    /** Of VMMs that run guest code by this. */
    public static VmmOverhead under(Accelerator accelerator) {
        return switch (accelerator) {
            case KVM, HVF -> HARDWARE;
            case TCG -> SOFTWARE;
        };
    }

    /** Huge pages have 512 times as much to an entry at least. */
    private static long bytesPerTableByte(MemoryRange memory) {
        return memory.hugepages().isPresent() ? GUEST_BYTES_PER_TABLE_BYTE * 512 : GUEST_BYTES_PER_TABLE_BYTE;
    }

    /** Of one machine, in whole MiB. */
    public ByteSize of(MachineSpec spec) {
        Resources resources = spec.resources();
        int disks = resources.disks().size() + (resources.storage().isPresent() ? 1 : 0)
                + (resources.overlay().isPresent() ? 1 : 0);
        long bytes = base.bytes() + ofVcpu.bytes() * resources.cpus().max().vcpus() + ofDisk.bytes() * disks
                + (this.equals(NONE) ? 0 : OF_VOLUME.bytes() * spec.volumes().size())
                + (this.equals(NONE) || resources.gpu().filter(GpuRequest::isEmulated).isEmpty() ? 0
                        : OF_EMULATED_GPU.bytes())
                + resources.memory().max().bytes() / bytesPerTableByte(resources.memory()) * tables;
        return ByteSize.ofMib(new ByteSize(bytes).mib());
    }
}

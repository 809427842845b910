package dev.provision.schema.fleet;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.schema.units.ByteSize;

/**
 * What a machine gets of the host.
 *
 * @param placement
 *            which host CPUs, and how much weight among machines
 * @param swap
 *            whether the host may swap the machine's memory out
 * @param overlay
 *            size of the writable layer over the image; absent: the layer is in memory
 * @param storage
 *            size of the persistent disk, mounted at {@code /data}
 * @param disks
 *            further persistent disks by name
 * @param io
 *            what the disks may do a second
 * @param shm
 *            size of {@code /dev/shm}
 */
public record Resources(CpuRange cpus, CpuPlacement placement, MemoryRange memory, boolean swap,
        Optional<ByteSize> overlay, Optional<ByteSize> storage, SortedMap<String, Disk> disks, IoLimits io,
        ByteSize shm,
        Optional<GpuRequest> gpu, List<DeviceRequest> devices) {

    public Resources {
        disks = Collections.unmodifiableSortedMap(new TreeMap<>(disks));
        devices = List.copyOf(devices);
    }

    /** CPUs, memory and a {@code /dev/shm}; no disks, no devices. */
    public static Resources of(CpuRange cpus, MemoryRange memory, ByteSize shm) {
        return new Resources(cpus, CpuPlacement.ANYWHERE, memory, true, Optional.empty(), Optional.empty(),
                new TreeMap<>(), IoLimits.NONE, shm, Optional.empty(), List.of());
    }

    /** What {@code shm: auto} stands for: half of the guest's memory, in whole MiB. */
    static ByteSize automaticShm(MemoryRange memory) {
        return ByteSize.ofMib(memory.limit().mib() / 2);
    }

    /** Whether it has any disk, an overlay among them. */
    public boolean hasDisks() {
        return overlay.isPresent() || storage.isPresent() || !disks.isEmpty();
    }

    /** Sizes of all disks that outlive the machine. */
    public SortedMap<DiskKey, ByteSize> persistentDisks() {
        SortedMap<DiskKey, ByteSize> sizes = new TreeMap<>();
        storage.ifPresent(size -> sizes.put(DiskKey.STORAGE, size));
        disks.forEach((name, disk) -> sizes.put(new DiskKey(name), disk.size()));
        return sizes;
    }

    /** Devices of the host are taken over, GPUs among them; an emulated one is none. */
    public boolean takesDevices() {
        return !devices.isEmpty() || gpu.filter(request -> !request.isEmulated()).isPresent();
    }

    public Resources with(CpuRange others) {
        return new Resources(others, placement, memory, swap, overlay, storage, disks, io, shm, gpu, devices);
    }

    public Resources with(MemoryRange other) {
        return new Resources(cpus, placement, other, swap, overlay, storage, disks, io, shm, gpu, devices);
    }

    public Resources withDisks(Optional<ByteSize> newOverlay, Optional<ByteSize> newStorage,
            SortedMap<String, Disk> others) {
        return new Resources(cpus, placement, memory, swap, newOverlay, newStorage, others, io, shm, gpu, devices);
    }
}

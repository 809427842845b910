package dev.provision.schema.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.manifest.DeviceEntry;
import dev.provision.schema.manifest.DiskEntry;
import dev.provision.schema.manifest.GpuEntry;
import dev.provision.schema.manifest.IoEntry;
import dev.provision.schema.manifest.ResourcesEntry;
import dev.provision.schema.manifest.ShmEntry;
import dev.provision.schema.units.ByteSize;

/** Completes the resources of a merged entry. */
final class ResourcesBuilder {

    private final ResourcesEntry written;
    private final Origin origin;
    private final Problems problems;

    ResourcesBuilder(@Nullable ResourcesEntry written, Origin origin, Problems problems) {
        this.written = written == null ? ResourcesEntry.NONE : written;
        this.origin = origin;
        this.problems = problems;
    }

    Resources build() {
        Ranges ranges = new Ranges(origin, problems);
        MemoryRange memory = ranges.memory(written.memory());
        CpuPlacement placement = new CpuPlacement(
                Optional.ofNullable(written.cpuset()).map(entry -> entry.set()),
                written.shares() == null ? CpuPlacement.STANDARD_SHARES : written.shares());
        Resources resources = new Resources(ranges.cpus(written.cpus()), placement, memory,
                !Boolean.FALSE.equals(written.swap()),
                Optional.ofNullable(written.overlay()), Optional.ofNullable(written.storage()), disks(), io(),
                shm(memory, ranges), gpu(written.gpu()), devices());
        checkPinned(resources);
        return resources;
    }

    /** Devices of the host write anywhere into their machine's memory: all of it is there from the start. */
    private void checkPinned(Resources resources) {
        MemoryRange memory = resources.memory();
        if (resources.takesDevices() && memory.hard().filter(hard -> hard.compareTo(memory.max()) < 0).isPresent()
                && origin.isSound("resources", "memory", "hard") && origin.isSound("resources", "memory", "max")) {
            report(Diagnostic
                    .error(Code.CONFLICTING_KEYS, origin.at("resources", "memory", "hard"),
                            "`memory.hard` of " + memory.hard().get() + " is less than the max of " + memory.max()
                                    + " of a machine with devices of the host")
                    .why("all of its memory is locked in the host's from the start: it would be killed at once")
                    .fix("set `memory.hard` to at least " + memory.max().canonical() + ", or leave one of them out"));
        }
    }

    private SortedMap<String, Disk> disks() {
        SortedMap<String, Disk> disks = new TreeMap<>();
        if (written.disks() != null) {
            for (Map.Entry<String, DiskEntry> entry : written.disks().entrySet()) {
                DiskEntry disk = entry.getValue();
                if (disk.size() != null) {
                    String mount = disk.mount() == null ? Disk.mountOf(entry.getKey()) : disk.mount();
                    disks.put(entry.getKey(), new Disk(disk.size(), mount));
                }
            }
        }
        return disks;
    }

    private IoLimits io() {
        IoEntry io = written.io();
        return io == null ? IoLimits.NONE
                : new IoLimits(Optional.ofNullable(io.iops()), Optional.ofNullable(io.bandwidth()));
    }

    private ByteSize shm(MemoryRange range, Ranges ranges) {
        ShmEntry shm = written.shm();
        ByteSize memory = range.limit();
        ByteSize half = Resources.automaticShm(range);
        ByteSize size = shm == null || shm.size() == null ? half : shm.size();
        if (size.compareTo(memory) > 0) {
            boolean sound = origin.isSound("resources", "shm") && ranges.areSound("memory", "limit");
            Diagnostic problem = Diagnostic.error(Code.CONFLICTING_KEYS, origin.at("resources", "shm"),
                    "`shm` of " + size + " exceeds the machine's memory of " + memory)
                    .why("/dev/shm lives in the machine's memory")
                    .fix("write `auto`, or at most " + memory.canonical());
            if (sound) {
                report(problem);
            }
            return half;
        }
        return size;
    }

    private Optional<GpuRequest> gpu(@Nullable GpuEntry gpu) {
        if (gpu == null || Integer.valueOf(0).equals(gpu.quantity())) {
            return Optional.empty();
        }
        int quantity = gpu.quantity() == null ? 1 : gpu.quantity();
        if (gpu.partition() != null && origin.isSound("resources", "gpu", "device")) {
            checkPartition(Optional.ofNullable(gpu.device()), gpu.partition());
        }
        if (quantity < 0 || quantity > 64) {
            return Optional.empty(); // reported where it was written
        }
        GpuRequest request = new GpuRequest(Optional.ofNullable(gpu.device()), quantity,
                Optional.ofNullable(gpu.partition()));
        if (request.isEmulated() && quantity > 1 && origin.isSound("resources", "gpu", "quantity")) {
            report(Diagnostic
                    .error(Code.CONFLICTING_KEYS, origin.at("resources", "gpu", "quantity"),
                            quantity + " emulated GPUs are not possible")
                    .why("a machine has one display at most")
                    .fix("remove the quantity, or name the model of the host's GPUs"));
        }
        return Optional.of(request);
    }

    private void checkPartition(Optional<GpuModel> model, String partition) {
        List<String> legal = model.map(GpuModel::partitions).orElse(List.of());
        if (!legal.contains(partition)) {
            String what = model.isEmpty() ? "a partition needs a model"
                    : legal.isEmpty()
                            ? "`" + model.get() + "` cannot be cut into partitions"
                            : "`" + partition + "` is no partition of `" + model.get() + "`";
            report(Diagnostic.error(Code.INVALID_VALUE, origin.at("resources", "gpu", "partition"), what)
                    .why("partitions are MIG profiles, and each model has its own")
                    .fix(legal.isEmpty() ? model.isEmpty() ? "name the `device` beside it" : "remove `partition`"
                            : "write one of " + String.join(", ", legal)));
        }
    }

    private List<DeviceRequest> devices() {
        List<DeviceRequest> devices = new ArrayList<>();
        List<DeviceEntry> entries = written.devices() == null ? List.of() : written.devices();
        for (int i = 0; i < entries.size(); i++) {
            DeviceEntry entry = entries.get(i);
            boolean one = (entry.name() == null) != (entry.pci() == null);
            boolean several = entry.pci() instanceof DeviceSelector.PciAddress && entry.quantity() != null
                    && entry.quantity() > 1;
            if ((!one || several) && !origin.isSound("resources", "devices", "[" + i + "]")) {
                continue;
            }
            if (!one || several) {
                report(Diagnostic.error(Code.CONFLICTING_KEYS, origin.at("resources", "devices", "[" + i + "]"),
                        several ? "there is one device only at " + entry.pci()
                                : "a device is named by `name` or by `pci`, one of the two")
                        .fix(several ? "remove its `quantity`" : "write one of them"));
                continue;
            }
            DeviceSelector device = entry.pci() == null ? new DeviceSelector.Named(String.valueOf(entry.name()))
                    : entry.pci();
            devices.add(new DeviceRequest(device, entry.quantity() == null ? 1 : entry.quantity()));
        }
        return devices;
    }

    private void report(Diagnostic problem) {
        problems.add(origin.blamed(problem));
    }
}

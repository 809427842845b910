package dev.provision.hypervisor.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.provision.schema.fleet.CpuPlacement;
import dev.provision.schema.fleet.CpuRange;
import dev.provision.schema.fleet.CpuSet;
import dev.provision.schema.fleet.DeviceRequest;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.fleet.Disk;
import dev.provision.schema.fleet.GpuModel;
import dev.provision.schema.fleet.GpuRequest;
import dev.provision.schema.fleet.HugePages;
import dev.provision.schema.fleet.IoLimits;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.Resources;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;
import dev.provision.schema.units.QuantityFormatException;

/** The resources of a spec as JSON. What says nothing beyond the standard of format 1 is left out, and read as that standard. */
final class ResourcesJson {
    /** What a record without shares means. It stays when the default becomes another one. */
    private static final int SHARES = 1024;

    private ResourcesJson() {}

    static void write(Resources resources, ObjectNode json) {
        ObjectNode cpus = json.putObject("cpus")
                .put("request", resources.cpus().request().toString())
                .put("limit", resources.cpus().limit().toString())
                .put("max", resources.cpus().max().toString());
        if (resources.cpus().hotplug()) {
            cpus.put("hotplug", true);
        }
        resources.placement().cpuset().ifPresent(set -> json.put("cpuset", set.toString()));
        if (resources.placement().shares() != SHARES) {
            json.put("shares", resources.placement().shares());
        }
        ObjectNode memory = json.putObject("memory")
                .put("request", resources.memory().request().canonical())
                .put("limit", resources.memory().limit().canonical())
                .put("max", resources.memory().max().canonical());
        resources.memory().hard().ifPresent(size -> memory.put("hard", size.canonical()));
        resources.memory().hotplug().ifPresent(plugged -> memory.put("hotplug", plugged));
        resources.memory().hugepages().ifPresent(pages -> memory.put("hugepages", pages.toString()));
        if (resources.memory().deflateOnOom()) {
            memory.put("deflateOnOom", true);
        }
        if (!resources.swap()) {
            json.put("swap", false);
        }
        resources.overlay().ifPresent(size -> json.put("overlay", size.canonical()));
        resources.storage().ifPresent(size -> json.put("storage", size.canonical()));
        json.put("shm", resources.shm().canonical());
        if (!resources.disks().isEmpty()) {
            ObjectNode disks = json.putObject("disks");
            resources.disks()
                    .forEach((name, disk) -> disks.putObject(name)
                            .put("size", disk.size().canonical())
                            .put("mount", disk.mount()));
        }
        if (!resources.io().isNone()) {
            ObjectNode io = json.putObject("io");
            resources.io().iops().ifPresent(iops -> io.put("iops", iops));
            resources.io().bandwidth().ifPresent(size -> io.put("bandwidth", size.canonical()));
        }
        resources.gpu().ifPresent(gpu -> {
            ObjectNode written = json.putObject("gpu").put("quantity", gpu.quantity());
            gpu.model().ifPresent(model -> written.put("device", model.toString()));
            gpu.partition().ifPresent(partition -> written.put("partition", partition));
        });
        if (!resources.devices().isEmpty()) {
            ArrayNode devices = json.putArray("devices");
            resources.devices().forEach(request -> device(request, devices.addObject()));
        }
    }

    private static void device(DeviceRequest request, ObjectNode json) {
        switch (request.device()) {
            case DeviceSelector.Named named -> json.put("name", named.name());
            case DeviceSelector.PciAddress pci -> json.put("pci", pci.address());
            case DeviceSelector.PciId pci -> json.put("pci", pci.vendorAndDevice());
        }
        json.put("quantity", request.quantity());
    }

    static Resources read(JsonFields json) throws MalformedJsonException {
        Optional<String> cpuset = json.optionalText("cpuset");
        CpuPlacement placement = new CpuPlacement(
                cpuset.isEmpty() ? Optional.empty() : Optional.of(cpuset(json, cpuset.get())),
                json.numberOr("shares", SHARES));
        return new Resources(cpus(json.object("cpus")), placement, memory(json.object("memory")),
                json.flagOr("swap", true), optionalSize(json, "overlay"), optionalSize(json, "storage"), disks(json),
                io(json), size(json, "shm"), gpu(json), devices(json));
    }

    private static CpuSet cpuset(JsonFields json, String text) throws MalformedJsonException {
        try {
            return CpuSet.parse(text);
        } catch (QuantityFormatException e) {
            throw json.wrong("cpuset", "a list of CPUs: " + e.getMessage());
        }
    }

    private static SortedMap<String, Disk> disks(JsonFields json) throws MalformedJsonException {
        SortedMap<String, Disk> disks = new TreeMap<>();
        for (Map.Entry<String, JsonFields> entry : json.objectsByName("disks").entrySet()) {
            disks.put(entry.getKey(), new Disk(size(entry.getValue(), "size"), entry.getValue().text("mount")));
            entry.getValue().requireNoOthers();
        }
        return disks;
    }

    private static IoLimits io(JsonFields json) throws MalformedJsonException {
        Optional<JsonFields> written = json.optionalObject("io");
        if (written.isEmpty()) {
            return IoLimits.NONE;
        }
        JsonFields io = written.get();
        int iops = io.numberOr("iops", 0);
        IoLimits limits = new IoLimits(iops == 0 ? Optional.empty() : Optional.of(iops),
                optionalSize(io, "bandwidth"));
        io.requireNoOthers();
        return limits;
    }

    private static Optional<GpuRequest> gpu(JsonFields json) throws MalformedJsonException {
        Optional<JsonFields> written = json.optionalObject("gpu");
        if (written.isEmpty()) {
            return Optional.empty();
        }
        JsonFields gpu = written.get();
        Optional<String> model = gpu.optionalText("device");
        Optional<String> partition = gpu.optionalText("partition");
        long quantity = gpu.number("quantity");
        gpu.requireNoOthers();
        if (quantity < 1 || quantity > 64) {
            throw gpu.wrong("quantity", "a number of GPUs");
        }
        if (model.isPresent() && GpuModel.of(model.get()).isEmpty()) {
            throw gpu.wrong("device", "a GPU's model");
        }
        return Optional.of(new GpuRequest(model.flatMap(GpuModel::of), (int) quantity, partition));
    }

    private static List<DeviceRequest> devices(JsonFields json) throws MalformedJsonException {
        List<DeviceRequest> devices = new ArrayList<>();
        for (JsonFields device : json.objects("devices")) {
            Optional<String> name = device.optionalText("name");
            try {
                DeviceSelector selector = name.isPresent() ? new DeviceSelector.Named(name.get())
                        : DeviceSelector.pci(device.text("pci"));
                devices.add(new DeviceRequest(selector, device.numberOr("quantity", 1)));
            } catch (QuantityFormatException e) {
                throw device.wrong("pci", "a PCI device: " + e.getMessage());
            }
            device.requireNoOthers();
        }
        return devices;
    }

    static ByteSize size(JsonFields json, String name) throws MalformedJsonException {
        return optionalSize(json, name)
                .orElseThrow(() -> new MalformedJsonException("`" + name + "` is missing"));
    }

    private static Optional<ByteSize> optionalSize(JsonFields json, String name) throws MalformedJsonException {
        Optional<String> text = json.optionalText(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ByteSize.parse(text.get(), ByteSize.BareUnit.MIB));
        } catch (QuantityFormatException e) {
            throw json.wrong(name, "a size: " + e.getMessage());
        }
    }

    private static CpuRange cpus(JsonFields json) throws MalformedJsonException {
        Cpus request = cpu(json, "request");
        Cpus limit = cpu(json, "limit");
        Cpus max = cpu(json, "max");
        boolean hotplug = json.flagOr("hotplug", false);
        json.requireNoOthers();
        if (request.compareTo(limit) > 0 || limit.compareTo(max) > 0) {
            throw json.wrong("max", "at least `limit`, and that at least `request`");
        }
        return new CpuRange(request, limit, max, hotplug);
    }

    private static Cpus cpu(JsonFields json, String name) throws MalformedJsonException {
        try {
            return Cpus.parse(json.text(name));
        } catch (QuantityFormatException e) {
            throw json.wrong(name, "a number of CPUs: " + e.getMessage());
        }
    }

    private static MemoryRange memory(JsonFields json) throws MalformedJsonException {
        ByteSize request = size(json, "request");
        ByteSize limit = size(json, "limit");
        ByteSize max = size(json, "max");
        Optional<ByteSize> hard = optionalSize(json, "hard");
        Optional<Boolean> hotplug = json.optionalFlag("hotplug");
        Optional<String> pages = json.optionalText("hugepages");
        boolean deflateOnOom = json.flagOr("deflateOnOom", false);
        json.requireNoOthers();
        if (request.compareTo(limit) > 0 || limit.compareTo(max) > 0) {
            throw json.wrong("max", "at least `limit`, and that at least `request`");
        }
        if (hard.isPresent() && hard.get().compareTo(limit) < 0) {
            throw json.wrong("hard", "at least `limit`");
        }
        if (pages.isPresent() && HugePages.of(pages.get()).isEmpty()) {
            throw json.wrong("hugepages", "a size of huge pages");
        }
        return new MemoryRange(request, limit, max, hard, hotplug, pages.flatMap(HugePages::of), deflateOnOom);
    }
}

package dev.provision.provisioner.views;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

import dev.provision.schema.fleet.Disk;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

/** What a machine is given, for programs. */
public final class SizeJson {

    private SizeJson() {}

    public static Map<String, Object> of(MachineSpec spec) {
        return Json.object("vcpus", spec.resources().cpus().limit().vcpus(),
                "cpus",
                Json.object("request", spec.resources().cpus().request().toString(), "limit",
                        spec.resources().cpus().limit().toString(), "max",
                        spec.resources().cpus().max().toString()),
                "memory",
                Json.object("request", spec.resources().memory().request().canonical(), "limit",
                        spec.resources().memory().limit().canonical(),
                        "max", spec.resources().memory().max().canonical()),
                "overlay", spec.resources().overlay().map(ByteSize::canonical).orElse(null), "storage",
                spec.resources().storage().map(ByteSize::canonical).orElse(null),
                "disks", spec.resources().disks().isEmpty() ? null : disks(spec.resources().disks()),
                "shm", spec.resources().shm().canonical());
    }

    private static Map<String, Object> disks(SortedMap<String, Disk> disks) {
        Map<String, Object> object = new LinkedHashMap<>();
        disks.forEach((name, disk) -> object.put(name,
                Json.object("size", disk.size().canonical(), "mount", disk.mount())));
        return object;
    }
}

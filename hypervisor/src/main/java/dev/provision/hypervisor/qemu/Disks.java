package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.provision.hypervisor.qemu.commandline.QemuCommandLine;
import dev.provision.hypervisor.qemu.live.DiskGrowth;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.hypervisor.store.PrivateFiles;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

/** A machine's disks: raw sparse files, blank at first; the guest makes file systems on them and grows those. */
final class Disks {
    private Disks() {}

    /** Makes what is missing and grows what is smaller than {@code spec} says; never makes a disk smaller. */
    static void ensure(MachineFiles files, MachineSpec spec) throws IOException {
        if (spec.resources().overlay().isPresent()) {
            ensure(files.overlay(), spec.resources().overlay().get());
        }
        for (Map.Entry<DiskKey, ByteSize> disk : spec.resources().persistentDisks().entrySet()) {
            ensure(files.persistentDisk(disk.getKey()), disk.getValue());
        }
    }

    /** All of them, as a machine that runs has them. */
    static List<DiskGrowth.Target> targets(MachineFiles files, MachineSpec spec) {
        List<DiskGrowth.Target> targets = new ArrayList<>();
        spec.resources()
                .overlay()
                .ifPresent(size -> targets.add(new DiskGrowth.Target(QemuCommandLine.OVERLAY, files.overlay(), size)));
        spec.resources()
                .persistentDisks()
                .forEach((disk, size) -> targets.add(
                        new DiskGrowth.Target(QemuCommandLine.diskName(disk), files.persistentDisk(disk), size)));
        return targets;
    }

    private static void ensure(Path disk, ByteSize size) throws IOException {
        PrivateFiles.makeDirectories(disk.resolveSibling("").normalize());
        PrivateFiles.ensure(disk);
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            if (file.length() < size.bytes()) {
                file.setLength(size.bytes());
            }
        }
    }

    /** The next {@link #ensure} makes a blank one, of the size of its spec. */
    static void discardOverlay(MachineFiles files) throws IOException {
        Files.deleteIfExists(files.overlay());
    }
}

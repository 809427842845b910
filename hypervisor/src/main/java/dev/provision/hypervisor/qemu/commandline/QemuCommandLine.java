package dev.provision.hypervisor.qemu.commandline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.Need;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.IoLimits;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

/** A machine's spec as the arguments of QEMU: a pure function, its results are kept as golden files. */
public final class QemuCommandLine {
    /** Name of the overlay's block node, and its serial. */
    public static final String OVERLAY = "overlay";

    /** Id of the object that holds the limits of all disks together. */
    public static final String DISK_TRAFFIC = "io";

    /** Id of the guest's memory, where it is not QEMU's usual one. */
    private static final String SHARED_MEMORY = "ram0";

    private final CommandLineInput input;
    private final MachineSpec spec;
    private final MachineType machine;
    private final Sizing sizing;
    private final Arguments argv = new Arguments();

    private QemuCommandLine(CommandLineInput input) {
        this.input = input;
        this.spec = input.spec();
        this.machine = input.machineType();
        this.sizing = new Sizing(input);
    }

    /** The arguments, the program's name not among them. */
    public static List<String> of(CommandLineInput input) {
        QemuCommandLine line = new QemuCommandLine(input);
        line.identity();
        line.machine();
        line.kernel();
        line.settings();
        line.disks();
        line.volumes();
        line.argv.addAll(NetworkCards.of(input));
        HostDevices.of(input).forEach(device -> line.argv.add("-device", device));
        line.memoryAndEntropy();
        line.sizing.device(!line.spec.volumes().isEmpty()).forEach(line.argv::add);
        line.argv.addAll(Channels.of(input));
        return line.argv.list();
    }

    private void identity() {
        argv.add("-name", OptionValue.escape(input.id().toString()));
        argv.add("-uuid", input.id().uuid().toString());
    }

    private void machine() {
        OptionValue type = OptionValue.of(machine.qemuName()).with("accel", input.accelerator().qemuName());
        argv.add("-machine",
                type + machine.properties().stream().map(property -> "," + property).reduce("", String::concat)
                        + (isOwnBackend() ? ",memory-backend=" + SHARED_MEMORY : ""));
        argv.add("-cpu", cpu());
        argv.add("-smp", sizing.vcpus());
        argv.add("-m", sizing.memory());
        if (isOwnBackend()) {
            argv.add("-object", sizing.backend(SHARED_MEMORY));
        }
        argv.addAll(List.of("-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"));
        argv.add("-global", "virtio-mmio.force-legacy=false");
        argv.add("-device", machine.panicDevice());
        if (input.sandbox()) {
            // Set before the guest runs: a guest that breaks out of the emulation can neither start programs nor
            // change its user.
            argv.add("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
        }
    }

    /** The servers of volumes read and write the guest's memory: they get it as a file descriptor. */
    private boolean isOwnBackend() {
        return !spec.volumes().isEmpty() || spec.resources().memory().hugepages().isPresent();
    }

    /** ARAT: without it the guest keeps a periodic tick and costs 2% of a host CPU when idle, with it 0.3%. */
    private String cpu() {
        return switch (input.accelerator()) {
            case KVM, HVF -> "host";
            case TCG -> switch (machine) {
                case MICROVM, Q35 -> "qemu64,+arat";
                case VIRT -> "max";
            };
        };
    }

    private void kernel() {
        argv.add("-kernel", input.kernel().toString());
        argv.add("-initrd", input.initrd().toString());
        List<String> words = new ArrayList<>(List.of("console=" + machine.console(), "reboot=t", "panic=-1", "quiet",
                "cryptomgr.notests",
                // The guest's init brings the others on line: parked vCPUs cost nothing and can come and go.
                "maxcpus=1"));
        words.addAll(sizing.kernelWords());
        if (machine == MachineType.Q35 && !input.needs().contains(Need.PCI)) {
            // Where memory can be plugged in beyond 4 GiB Linux sets 64 MiB aside for devices that reach no further; virtio's do.
            words.add("swiotlb=noforce");
        }
        if (input.accelerator() == Accelerator.TCG && machine.hasTsc()) {
            // Calibration against an emulated timer never ends on a busy host; loops per jiffy at Debian's 250 Hz save more of it.
            input.tscKhz()
                    .ifPresent(khz -> words.addAll(List.of("tsc_early_khz=" + khz, "tsc=reliable", "lpj=" + khz * 4)));
        }
        argv.add("-append", String.join(" ", words));
    }

    private void settings() {
        for (GuestSettings.File file : GuestSettings.File.values()) {
            argv.add("-fw_cfg", "name=" + OptionValue.escape(file.guestName()) + ",file="
                    + OptionValue.escape(input.files().setting(file.word()).toString()));
        }
    }

    private void disks() {
        if (spec.resources().hasDisks()) {
            // There also without limits, which can then be set while the machine runs.
            IoLimits io = spec.resources().io();
            argv.add("-object",
                    "{\"qom-type\":\"throttle-group\",\"id\":\"" + DISK_TRAFFIC + "\",\"limits\":{\"iops-total\":"
                            + io.iops().orElse(0) + ",\"bps-total\":" + io.bandwidth().map(ByteSize::bytes).orElse(0L)
                            + "}}");
        }
        spec.resources().overlay().ifPresent(size -> disk(OVERLAY, input.files().overlay()));
        spec.resources()
                .persistentDisks()
                .keySet()
                .forEach(disk -> disk(diskName(disk), input.files().persistentDisk(disk)));
    }

    /**
     * Name of a persistent disk's block node, and its serial: by this the guest finds the disk. The kernel hands on 20
     * bytes of it, so a disk's name has 15 at most.
     */
    public static String diskName(DiskKey disk) {
        return disk.isStorage() ? "storage" : "disk-" + disk.name();
    }

    /** Behind the limits, raw and sparse: what the guest discards or zeroes becomes a hole again. QEMU locks the file against others. */
    private void disk(String name, Path file) {
        argv.add("-blockdev", OptionValue.of("driver=throttle")
                .with("node-name", name)
                .with("throttle-group", DISK_TRAFFIC)
                .with("discard", "unmap")
                .with("file.driver", "raw")
                .with("file.discard", "unmap")
                .with("file.detect-zeroes", "unmap")
                .with("file.file.driver", "file")
                .with("file.file.filename", file)
                .with("file.file.discard", "unmap"));
        argv.add("-device", OptionValue.of(machine.virtio("blk")).with("drive", name).with("serial", name));
    }

    /** QEMU does not start when nobody listens on the socket of a volume's server. */
    private void volumes() {
        for (int number = 0; number < spec.volumes().size(); number++) {
            String tag = GuestSettings.volumeTag(number);
            argv.add("-chardev",
                    OptionValue.of("socket").with("id", tag).with("path", input.files().volumeSocket(number)));
            argv.add("-device", OptionValue.of(machine.fileSystem()).with("chardev", tag).with("tag", tag));
        }
    }

    /**
     * {@code deflate-on-oom} only where it is asked for: with it Linux does not lower MemTotal, and {@code free} in the guest
     * would contradict the manifest. Free page reporting gives what the guest has freed back to the host. A huge page that
     * is given back can be somebody else's when the guest touches it again, and the VMM would be killed by SIGBUS.
     */
    private void memoryAndEntropy() {
        OptionValue balloon = OptionValue.of(machine.virtio("balloon")).with("id", "balloon0");
        if (spec.resources().memory().hugepages().isEmpty()) {
            balloon.with("free-page-reporting", "on");
        }
        if (spec.resources().memory().deflateOnOom()) {
            balloon.with("deflate-on-oom", "on");
        }
        argv.add("-device", balloon);
        argv.add("-object", OptionValue.of("rng-builtin").with("id", "rng0"));
        argv.add("-device", OptionValue.of(machine.virtio("rng")).with("rng", "rng0"));
    }
}

package dev.provision.hypervisor.qemu.commandline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.provision.planner.host.Accelerator;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;

/** A machine's spec as the arguments of QEMU: a pure function, its results are kept as golden files. */
public final class QemuCommandLine {
    /** Id of the one network device's backend, by which forwards are changed later. */
    public static final String NETWORK = "net0";

    /** Name of the overlay's block node, and its serial. */
    public static final String OVERLAY = "overlay";

    /** Id of the guest's memory, where other processes must have it too. */
    private static final String SHARED_MEMORY = "ram0";

    private final CommandLineInput input;
    private final MachineSpec spec;
    private final MachineType machine;
    private final List<String> argv = new ArrayList<>();

    private QemuCommandLine(CommandLineInput input) {
        this.input = input;
        this.spec = input.spec();
        this.machine = input.machineType();
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
        line.network();
        line.memoryAndEntropy();
        line.monitor();
        line.serialPorts();
        return List.copyOf(line.argv);
    }

    private void identity() {
        add("-name", OptionValue.escape(input.id().toString()));
        add("-uuid", input.id().uuid().toString());
    }

    private void machine() {
        OptionValue type = OptionValue.of(machine.qemuName()).with("accel", input.accelerator().qemuName());
        add("-machine",
                type + machine.properties().stream().map(property -> "," + property).reduce("", String::concat)
                        + (spec.volumes().isEmpty() ? "" : ",memory-backend=" + SHARED_MEMORY));
        add("-cpu", cpu());
        add("-smp", Integer.toString(spec.resources().cpus().max().vcpus()));
        add("-m", spec.resources().memory().max().mib() + "M");
        if (!spec.volumes().isEmpty()) {
            // The servers of volumes read and write the guest's memory: they get it as a file descriptor.
            add("-object", OptionValue.of("memory-backend-memfd")
                    .with("id", SHARED_MEMORY)
                    .with("size", spec.resources().memory().max().mib() + "M")
                    .with("share", "on"));
        }
        argv.addAll(List.of("-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"));
        add("-global", "virtio-mmio.force-legacy=false");
        add("-device", machine.panicDevice());
        if (input.sandbox()) {
            // Set before the guest runs: a guest that breaks out of the emulation can neither start programs nor
            // change its user.
            add("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
        }
    }

    /** ARAT: without it the guest keeps a periodic tick and costs 2% of a host CPU when idle, with it 0.3%. */
    private String cpu() {
        return switch (input.accelerator()) {
            case KVM, HVF -> "host";
            case TCG -> switch (machine) {
                case MICROVM -> "qemu64,+arat";
                case VIRT -> "max";
            };
        };
    }

    private void kernel() {
        add("-kernel", input.kernel().toString());
        add("-initrd", input.initrd().toString());
        List<String> words = new ArrayList<>(List.of("console=" + machine.console(), "reboot=t", "panic=-1", "quiet",
                "cryptomgr.notests",
                // The guest's init brings the others on line: parked vCPUs cost nothing and can come and go.
                "maxcpus=1"));
        if (input.accelerator() == Accelerator.TCG && machine == MachineType.MICROVM) {
            // Calibration against an emulated timer never ends on a busy host; loops per jiffy at Debian's 250 Hz save more of it.
            input.tscKhz()
                    .ifPresent(khz -> words.addAll(List.of("tsc_early_khz=" + khz, "tsc=reliable", "lpj=" + khz * 4)));
        }
        add("-append", String.join(" ", words));
    }

    private void settings() {
        for (GuestSettings.File file : GuestSettings.File.values()) {
            add("-fw_cfg", "name=" + OptionValue.escape(file.guestName()) + ",file="
                    + OptionValue.escape(input.files().setting(file.word()).toString()));
        }
    }

    private void disks() {
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

    /** Raw and sparse: what the guest discards or zeroes becomes a hole again. QEMU locks the file against others. */
    private void disk(String name, Path file) {
        add("-blockdev", OptionValue.of("driver=raw")
                .with("node-name", name)
                .with("discard", "unmap")
                .with("detect-zeroes", "unmap")
                .with("file.driver", "file")
                .with("file.filename", file)
                .with("file.discard", "unmap"));
        add("-device", OptionValue.of(machine.virtio("blk")).with("drive", name).with("serial", name));
    }

    /** QEMU does not start when nobody listens on the socket of a volume's server. */
    private void volumes() {
        for (int number = 0; number < spec.volumes().size(); number++) {
            String tag = GuestSettings.volumeTag(number);
            add("-chardev", OptionValue.of("socket").with("id", tag).with("path", input.files().volumeSocket(number)));
            add("-device", OptionValue.of(machine.fileSystem()).with("chardev", tag).with("tag", tag));
        }
    }

    /** None at all for a machine without a network: what is not there needs no rule to keep it shut. */
    private void network() {
        if (!spec.network().enabled()) {
            return;
        }
        OptionValue backend = OptionValue.of("user").with("id", NETWORK);
        spec.network().ports().forEach(port -> backend.with("hostfwd", hostForward(port)));
        add("-netdev", backend);
        add("-device", OptionValue.of(machine.virtio("net")).with("netdev", NETWORK).with("mac", input.id().mac()));
    }

    /** The rule of {@code hostfwd=} and of the monitor's {@code hostfwd_add}. */
    public static String hostForward(PortForward port) {
        return port.protocol() + ":" + port.hostAddress() + ":" + port.hostPort() + "-:" + port.guestPort();
    }

    /**
     * No {@code deflate-on-oom}: with it Linux does not lower MemTotal, and {@code free} in the guest would contradict
     * the manifest. Free page reporting gives what the guest has freed back to the host.
     */
    private void memoryAndEntropy() {
        add("-device", OptionValue.of(machine.virtio("balloon"))
                .with("id", "balloon0")
                .with("free-page-reporting", "on"));
        add("-object", OptionValue.of("rng-builtin").with("id", "rng0"));
        add("-device", OptionValue.of(machine.virtio("rng")).with("rng", "rng0"));
    }

    private void monitor() {
        add("-chardev", listening("qmp", input.files().qmpSocket()));
        add("-mon", "chardev=qmp,mode=control");
    }

    /**
     * Ports of the guest contract. Logs go through the keeper, which bounds them; the driver empties those of a single
     * boot before it.
     */
    private void serialPorts() {
        for (BoundLog log : BoundLog.values()) {
            add("-add-fd", log.descriptor());
        }
        add("-chardev", listening("console", input.files().consoleSocket())
                .with("logfile", BoundLog.CONSOLE.path())
                .with("logappend", "on"));
        add("-serial", "chardev:console");
        add("-device", OptionValue.of(machine.virtio("serial")).with("id", "serial0"));
        add("-chardev", listening("shell", input.files().shellSocket()));
        add("-device", OptionValue.of("virtconsole").with("chardev", "shell"));
        add("-chardev", appending("report", BoundLog.REPORT));
        port("report", "dev.provision.report");
        add("-chardev", appending("log", BoundLog.RUN));
        port("log", "dev.provision.log");
        add("-chardev", listening("agent", input.files().agentSocket()));
        port("agent", "org.qemu.guest_agent.0");
    }

    private void port(String chardev, String name) {
        add("-device", OptionValue.of("virtserialport").with("chardev", chardev).with("name", name));
    }

    /** Not to be truncated, which a pipe cannot be. */
    private static OptionValue appending(String id, BoundLog log) {
        return OptionValue.of("file").with("id", id).with("path", log.path()).with("append", "on");
    }

    private static OptionValue listening(String id, Path socket) {
        return OptionValue.of("socket").with("id", id).with("path", socket).with("server", "on").with("wait", "off");
    }

    private void add(String option, Object value) {
        argv.add(option);
        argv.add(value.toString());
    }
}

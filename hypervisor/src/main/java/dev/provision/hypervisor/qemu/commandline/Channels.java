package dev.provision.hypervisor.qemu.commandline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the host talks with the VMM and with the guest in it, as arguments of QEMU: sockets, logs, descriptors. */
final class Channels {

    private final CommandLineInput input;
    private final MachineType machine;
    private final List<String> argv = new ArrayList<>();

    private Channels(CommandLineInput input) {
        this.input = input;
        this.machine = input.machineType();
    }

    static List<String> of(CommandLineInput input) {
        Channels channels = new Channels(input);
        channels.monitor();
        channels.serialPorts();
        return List.copyOf(channels.argv);
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

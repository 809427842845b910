package dev.provision.hypervisor.qemu.commandline;

import java.nio.file.Path;
import java.util.List;

/** How the host talks with the VMM and with the guest in it, as arguments of QEMU: sockets, logs, descriptors. */
final class Channels {

    private final CommandLineInput input;
    private final MachineType machine;
    private final Arguments argv = new Arguments();

    private Channels(CommandLineInput input) {
        this.input = input;
        this.machine = input.machineType();
    }

    static List<String> of(CommandLineInput input) {
        Channels channels = new Channels(input);
        channels.monitor();
        channels.serialPorts();
        return channels.argv.list();
    }

    private void monitor() {
        argv.add("-chardev", listening("qmp", input.files().qmpSocket()));
        argv.add("-mon", "chardev=qmp,mode=control");
    }

    /**
     * Ports of the guest contract. Logs go through the keeper, which bounds them; the driver empties those of a single
     * boot before it.
     */
    private void serialPorts() {
        for (BoundLog log : BoundLog.values()) {
            argv.add("-add-fd", log.descriptor());
        }
        argv.add("-chardev", listening("console", input.files().consoleSocket())
                .with("logfile", BoundLog.CONSOLE.path())
                .with("logappend", "on"));
        argv.add("-serial", "chardev:console");
        argv.add("-device", OptionValue.of(machine.virtio("serial")).with("id", "serial0"));
        argv.add("-chardev", listening("shell", input.files().shellSocket()));
        argv.add("-device", OptionValue.of("virtconsole").with("chardev", "shell"));
        argv.add("-chardev", appending("report", BoundLog.REPORT));
        port("report", "dev.provision.report");
        argv.add("-chardev", appending("log", BoundLog.RUN));
        port("log", "dev.provision.log");
        argv.add("-chardev", listening("agent", input.files().agentSocket()));
        port("agent", "org.qemu.guest_agent.0");
    }

    private void port(String chardev, String name) {
        argv.add("-device", OptionValue.of("virtserialport").with("chardev", chardev).with("name", name));
    }

    /** Not to be truncated, which a pipe cannot be. */
    private static OptionValue appending(String id, BoundLog log) {
        return OptionValue.of("file").with("id", id).with("path", log.path()).with("append", "on");
    }

    private static OptionValue listening(String id, Path socket) {
        return OptionValue.of("socket").with("id", id).with("path", socket).with("server", "on").with("wait", "off");
    }
}

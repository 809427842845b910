package dev.provision.provisioner.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.accelerator.AcceleratorRequest;
import dev.provision.hypervisor.qemu.channel.Listener;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.StoreLayout;

/** {@code provision console NAME}: a shell in the machine, through its second console. */
@Command(name = "console", mixinStandardHelpOptions = true, description = "Opens a shell in a machine; Ctrl-] leaves it.", footerHeading = "%nExamples:%n", footer = {
    "  provision console web-0", "  provision console --serial lab/db",
    "  provision console --print-command web-0"})
final class ConsoleCommand implements Callable<Integer> {

    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

    @Parameters(index = "0", paramLabel = "NAME", description = "the machine")
    private String name = "";

    @Option(names = "--serial", description = "attach to the serial console (kernel and init) instead of the shell")
    private boolean serial;

    @Option(names = "--print-command", description = "print the command line of the machine's VMM, as it runs or would be started, instead of attaching; control groups and pinning are not part of it")
    private boolean printCommand;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private MachineArgument machines = new MachineArgument();

    @Override
    public Integer call() throws Exception {
        Directories directories = Directories.ofEnvironment(System.getenv());
        StoreLayout layout = directories.layout();
        MachineId id = machines.find(new MachineStore(layout), name);
        if (printCommand) {
            List<String> line = Site.toLookAt(AcceleratorRequest.AUTO).driver().commandLine(id);
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            out.println(line.stream().map(ConsoleCommand::word).collect(Collectors.joining(" ")));
            return ExitCode.OK.number();
        }
        Path socket = serial ? layout.machine(id).consoleSocket() : layout.machine(id).shellSocket();
        try (SocketChannel channel = connect(id, socket)) {
            new ConsoleSession(channel).run();
        }
        return ExitCode.OK.number();
    }

    /** As a POSIX shell reads it back. */
    private static String word(String argument) {
        return PLAIN.matcher(argument).matches() ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    private static SocketChannel connect(MachineId id, Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            Listener.requireOwn(channel, socket);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new CommandFailedException(ExitCode.FAILED,
                    "the console of " + id + " cannot be opened: " + e.getMessage(),
                    "start the machine first: provision start " + id.name());
        }
    }
}

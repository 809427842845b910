package dev.provision.provisioner.cli;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.StoreLayout;

/** {@code provision console NAME}: a shell in the machine, through its second console. */
@Command(name = "console", mixinStandardHelpOptions = true, description = "Opens a shell in a machine; Ctrl-] leaves it.", footerHeading = "%nExamples:%n", footer = {
    "  provision console web-0", "  provision console --serial lab/db"})
final class ConsoleCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "NAME", description = "the machine")
    private String name = "";

    @Option(names = "--serial", description = "attach to the serial console (kernel and init) instead of the shell")
    private boolean serial;

    @Mixin
    private MachineArgument machines = new MachineArgument();

    @Override
    public Integer call() throws Exception {
        Directories directories = Directories.ofEnvironment(System.getenv());
        StoreLayout layout = directories.layout();
        MachineId id = machines.find(new MachineStore(layout), name);
        Path socket = serial ? layout.machine(id).consoleSocket() : layout.machine(id).shellSocket();
        try (SocketChannel channel = connect(id, socket)) {
            new ConsoleSession(channel).run();
        }
        return ExitCode.OK.number();
    }

    private static SocketChannel connect(MachineId id, Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new CommandFailedException(ExitCode.FAILED,
                    "the console of " + id + " cannot be opened: " + e.getMessage(),
                    "start the machine first: provision start " + id.name());
        }
    }
}

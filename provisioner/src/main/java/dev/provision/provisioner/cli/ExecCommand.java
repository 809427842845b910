package dev.provision.provisioner.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.provision.hypervisor.ExecResult;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.accelerator.AcceleratorRequest;

/** {@code provision exec NAME -- CMD…}: runs a command in a machine and ends with its exit code. */
@Command(name = "exec", mixinStandardHelpOptions = true, description = "Runs a command in a machine and ends with its exit code; 125 when it could not be run.", footerHeading = "%nExamples:%n", footer = {
    "  provision exec web-0 -- ls -la", "  provision exec -i db -- psql < dump.sql"})
final class ExecCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "NAME", description = "the machine")
    private String name = "";

    @Parameters(index = "1", arity = "1..*", paramLabel = "CMD", description = "the command and its arguments, best after --")
    private List<String> words = List.of();

    @Option(names = {"-i",
        "--stdin"}, description = "give our standard input to the command; it is read to its end first")
    private boolean stdin;

    @Mixin
    private MachineArgument machines = new MachineArgument();

    @Override
    public Integer call() throws Exception {
        Site site = Site.ofThisHost(AcceleratorRequest.TCG);
        MachineId id = machines.find(site.store(), name);
        byte[] input = stdin ? System.in.readAllBytes() : new byte[0];
        ExecResult result = site.driver().exec(id, command(), input);
        System.out.write(result.stdout());
        System.out.flush();
        System.err.write(result.stderr());
        System.err.flush();
        if (result.truncated()) {
            System.err.println(
                    "provision: only the first 2 MiB of each stream were kept; let the command write to /data, or print less");
        }
        return result.exitCode();
    }

    /** Options end at NAME, so a {@code --} behind it reaches us as a word. */
    List<String> command() {
        List<String> command = new ArrayList<>(words);
        if (command.getFirst().equals("--")) {
            command.removeFirst();
        }
        if (command.isEmpty()) {
            throw new CommandFailedException(ExitCode.USAGE, "no command",
                    "write provision exec " + name + " -- COMMAND");
        }
        return command;
    }
}

package dev.provision.provisioner.cli;

import java.io.IOError;
import java.util.Objects;

import picocli.CommandLine;

import dev.provision.hypervisor.host.HostShortage;

/** Entry point, and the only place that ends the process. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs one command as {@link #main} does, without ending the process. */
    public static int run(String... args) {
        CommandLine commandLine = commandLine();
        int code = execute(commandLine, args);
        commandLine.getErr().flush();
        // A full disk or a closed pipe: who reads our answer does not have all of it.
        boolean lost = commandLine.getOut().checkError();
        return lost && code == ExitCode.OK.number() ? ExitCode.FAILED.number() : code;
    }

    /** What the JVM throws when the host gives it no more files or memory is no stack trace for a person. */
    private static int execute(CommandLine commandLine, String... args) {
        try {
            return commandLine.execute(args);
        } catch (InternalError | LinkageError | IOError | OutOfMemoryError e) {
            commandLine.getErr().println("error: " + HostShortage.inJvm(e));
            commandLine.getErr().println("  = fix: " + HostShortage.FIX_IN_JVM);
            return ExitCode.HOST.number();
        }
    }

    /** The command with its subcommands, ready to parse. */
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new ProvisionCommand());
        CommandErrors errors = new CommandErrors();
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpWidth(110);
        commandLine.setExecutionExceptionHandler(errors);
        commandLine.setParameterExceptionHandler(errors);
        Objects.requireNonNull(commandLine.getSubcommands().get("exec")).setStopAtPositional(true);
        withVersion(commandLine);
        return commandLine;
    }

    /** {@code --version} is the same everywhere. */
    private static void withVersion(CommandLine commandLine) {
        commandLine.getCommandSpec().versionProvider(new VersionCommand());
        commandLine.getSubcommands().values().forEach(Main::withVersion);
    }
}

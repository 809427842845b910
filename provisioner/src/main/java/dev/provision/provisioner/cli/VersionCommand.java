package dev.provision.provisioner.cli;

import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code provision version}. */
@Command(name = "version", mixinStandardHelpOptions = true, description = "Shows the version.", footerHeading = "%nExamples:%n", footer = {
    "  provision version"})
final class VersionCommand implements Callable<Integer>, IVersionProvider {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        for (String line : getVersion()) {
            spec.commandLine().getOut().println(line);
        }
        return ExitCode.OK.number();
    }

    @Override
    public String[] getVersion() {
        return new String[]{"provision " + version().orElse("(not packaged)"), "Java " + Runtime.version()};
    }

    /** Of the program; absent when it runs from class files. */
    static Optional<String> version() {
        return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion());
    }
}

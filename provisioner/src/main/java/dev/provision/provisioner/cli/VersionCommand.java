package dev.provision.provisioner.cli;

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
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return new String[]{"provision " + (version == null ? "(not packaged)" : version), "Java " + Runtime.version()};
    }
}

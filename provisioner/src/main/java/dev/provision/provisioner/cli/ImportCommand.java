package dev.provision.provisioner.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import dev.provision.provisioner.imports.compose.ComposeImport;
import dev.provision.provisioner.imports.smolfile.SmolfileImport;

/** {@code provision import …}: manifests from files of other systems. */
@Command(name = "import", mixinStandardHelpOptions = true, description = "Turns files of other systems into manifests, and says what could not be carried over.", footerHeading = "%nExamples:%n", footer = {
    "  provision import compose compose.yaml", "  provision import smolfile Smolfile -o machines.yaml"})
final class ImportCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which kind of file: smolfile or compose?");
    }

    @Command(name = "smolfile", mixinStandardHelpOptions = true, description = "Turns a Smolfile of smolvm into a manifest of one machine.", footerHeading = "%nExamples:%n", footer = {
        "  provision import smolfile Smolfile", "  provision import smolfile node.smolfile -o machines.yaml"})
    int smolfile(@Mixin ImportOptions options) {
        return options.run(SmolfileImport.MOST_BYTES, SmolfileImport::convert);
    }

    @Command(name = "compose", mixinStandardHelpOptions = true, description = "Turns the services of a Compose file into the machines of a manifest.", footerHeading = "%nExamples:%n", footer = {
        "  provision import compose compose.yaml",
        "  provision import compose --fleet shop -o machines.yaml compose.yaml",
        "  provision import compose --strict compose.yaml"})
    int compose(@Mixin ImportOptions options) {
        return options.run(ComposeImport.MOST_BYTES, ComposeImport::convert);
    }
}

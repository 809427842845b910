package dev.provision.provisioner.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.provision.schema.ManifestReader;
import dev.provision.schema.assembly.Inputs;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Fleet;

/** Which manifest: {@code FILE…} or {@code -f FILE …}, else {@code machines.yaml} in the current folder. */
final class ManifestArgument {

    private static final Path DEFAULT = Path.of("machines.yaml");

    @Parameters(index = "0", arity = "0..*", paramLabel = "FILE", description = "the manifest, and files to lay over it; a folder stands for the .yaml files in it (default: machines.yaml)")
    private List<Path> positional = List.of();

    @Option(names = {"-f", "--file"}, paramLabel = "FILE", description = "the same as FILE; may be repeated")
    private List<Path> options = List.of();

    @Mixin
    private VariableOptions variables = new VariableOptions();

    private List<Path> paths() {
        if (!positional.isEmpty() && !options.isEmpty()) {
            throw new CommandFailedException(ExitCode.USAGE,
                    "manifests are named with and without -f: " + positional.getFirst() + ", " + options.getFirst(),
                    "name them in one way: files are laid over each other in their order");
        }
        return !positional.isEmpty() ? positional : !options.isEmpty() ? options : List.of(DEFAULT);
    }

    /** For messages: {@code base.yaml prod.yaml}. */
    String name() {
        return paths().stream().map(Path::toString).collect(Collectors.joining(" "));
    }

    /** The first of its files. */
    Path first() {
        return paths().getFirst();
    }

    /** Nobody named a manifest and there is none to fall back to. */
    boolean isLeftToChance() {
        return positional.isEmpty() && options.isEmpty() && Files.notExists(DEFAULT);
    }

    /** The fleet; absent when the manifest has errors, which are then in {@code problems}. */
    Optional<Fleet> read(Problems problems) {
        return ManifestReader.read(new Inputs(paths(), variables.values(), System.getenv()), problems);
    }
}

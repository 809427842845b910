package dev.provision.provisioner.cli;

import java.util.Optional;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Fleet;

/** {@code provision validate}: is the manifest right? Needs no host. */
@Command(name = "validate", mixinStandardHelpOptions = true, description = "Checks the manifest; needs no hypervisor and touches nothing.", footerHeading = "%nExamples:%n", footer = {
    "  provision validate", "  provision validate -o json staging.yaml"})
final class ValidateCommand implements Callable<Integer> {

    @Mixin
    private ManifestArgument manifest = new ManifestArgument();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        Problems problems = new Problems();
        Optional<Fleet> fleet = manifest.read(problems);
        output.problems(problems.sorted());
        if (fleet.isEmpty()) {
            return ExitCode.INVALID.number();
        }
        if (!output.isJson()) {
            output.out()
                    .println(manifest.name() + ": fleet " + fleet.get().name() + " with "
                            + fleet.get().machines().size() + " machines is valid");
        }
        return ExitCode.OK.number();
    }
}

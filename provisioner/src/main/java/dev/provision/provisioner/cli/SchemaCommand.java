package dev.provision.provisioner.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import dev.provision.schema.jsonschema.JsonSchema;

/** {@code provision schema}: what an editor needs to complete and check manifests. */
@Command(name = "schema", mixinStandardHelpOptions = true, description = "Prints the JSON Schema (draft 2020-12) of the manifests that this program reads.", footerHeading = "%nExamples:%n", footer = {
    "  provision schema > machines.schema.json"})
final class SchemaCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(JsonSchema.generate());
        return ExitCode.OK.number();
    }
}

package dev.provision.provisioner.imports;

import java.util.List;
import java.util.Optional;

import dev.provision.provisioner.imports.compose.ComposeImport;
import dev.provision.provisioner.imports.smolfile.SmolfileImport;
import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Converts texts as the command converts files. */
public final class Conversions {

    private Conversions() {}

    /** A file that is a Compose file when it is YAML, else a Smolfile, in the folder {@code lab}. */
    static Optional<Imported> convert(String file, String text, Problems problems) {
        ImportRequest request = new ImportRequest(new SourceText(file, text), file, "lab", "", Optional.empty());
        return file.endsWith(".yaml") ? ComposeImport.convert(request, problems)
                : SmolfileImport.convert(request, problems);
    }

    /** What a Compose file becomes. */
    public static Imported compose(String text) {
        Problems problems = new Problems();
        return convert("compose.yaml", text, problems).orElseThrow(() -> new AssertionError(problems.sorted()));
    }

    /** The one machine that a Compose file with one service becomes. */
    public static MachineSpec machine(String text) {
        return fleet(compose(text)).machines().firstEntry().getValue().spec();
    }

    /** What was said about a file: {@code 3:5 `privileged` is not carried over}. */
    public static List<String> remarks(Imported imported) {
        return imported.remarks()
                .stream()
                .map(remark -> remark.span().map(span -> span.line() + ":" + span.column()).orElse("") + " "
                        + remark.what())
                .toList();
    }

    /** The fleet of the manifest, which must be valid. */
    static Fleet fleet(Imported imported) {
        Problems problems = new Problems();
        Optional<Fleet> fleet = ManifestReader.read(new SourceText("machines.yaml", imported.manifest()), problems);
        assertEquals(List.of(), problems.sorted().stream().filter(Diagnostic::isError).toList(), imported.manifest());
        return fleet.orElseThrow();
    }

    /** Errors of the manifest that are no matter of the environment it is read in. */
    static List<Diagnostic> mistakes(Imported imported) {
        Problems problems = new Problems();
        ManifestReader.read(new SourceText("machines.yaml", imported.manifest()), problems);
        List<Diagnostic> errors = problems.sorted().stream().filter(Diagnostic::isError).toList();
        boolean unset = errors.stream().anyMatch(error -> error.code() == Code.UNKNOWN_VARIABLE);
        return unset ? List.of() : errors;
    }
}

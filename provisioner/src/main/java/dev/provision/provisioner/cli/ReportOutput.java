package dev.provision.provisioner.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import dev.provision.provisioner.views.Json;
import dev.provision.provisioner.views.Palette;
import dev.provision.provisioner.views.Sarif;
import dev.provision.schema.diagnostics.Diagnostic;

/** In what form {@code validate} reports: also as SARIF, which code hosts turn into annotations of a change. */
final class ReportOutput {

    /** The forms. */
    enum Format {
        TEXT, JSON, SARIF
    }

    @Option(names = {"-o",
        "--output"}, paramLabel = "FORMAT", defaultValue = "text", description = "text, json or sarif: SARIF 2.1.0 (default: text)")
    private Format format = Format.TEXT;

    @Mixin
    private ProblemCap cap = new ProblemCap();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    Format format() {
        return format;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Standard output can hold ASCII only. */
    boolean isAscii() {
        return !Palette.of(false, System.getenv(), System.out.charset()).unicode();
    }

    /** Reports the problems of a manifest, also when there are none. */
    void problems(List<Diagnostic> problems, ManifestArgument manifest) {
        switch (format) {
            case TEXT -> cap.show(problems, spec.commandLine().getErr());
            case JSON -> document(Json.problems(problems));
            case SARIF -> document(sarif(manifest).log(problems));
        }
    }

    /** Prints a document for programs. */
    void document(Object document) {
        out().println(Json.pretty(document));
        out().flush();
    }

    private static Sarif sarif(ManifestArgument manifest) {
        return new Sarif(VersionCommand.version(), manifest.first(), Path.of(""));
    }
}

package dev.provision.provisioner.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import dev.provision.schema.assembly.VariableFile;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.TextFiles;

/** Values for the variables that the manifest declares. */
final class VariableOptions {

    private static final int MOST_BYTES = 1 << 20;
    private static final TextFiles.Advice ADVICE = new TextFiles.Advice(
            "name a file of lines NAME=VALUE with --var-file", "give it in parts: --var-file may be repeated");

    @Option(names = "--var", paramLabel = "NAME=VALUE", description = "value of a variable that the manifest declares; may be repeated")
    private Map<String, String> given = Map.of();

    @Option(names = "--var-file", paramLabel = "FILE", description = "file of lines NAME=VALUE, with quotes and comments as in a .env file; may be repeated; --var goes before it")
    private List<Path> files = List.of();

    private @Nullable Values read;

    /**
     * Values by name.
     *
     * @param places
     *            where those of files stand
     */
    record Values(Map<String, String> values, Map<String, Span> places) {}

    /**
     * The values; reads the files and reports what is wrong with them. Where one is a pipe, only the first time: it cannot be read
     * again.
     */
    Values values(Problems problems) {
        Values known = files.stream().allMatch(Files::isRegularFile) ? null : read;
        if (known == null) {
            known = readFiles(problems);
            read = known;
        }
        return known;
    }

    /** The files that values are read from. */
    List<Path> files() {
        return files;
    }

    private Values readFiles(Problems problems) {
        Map<String, String> values = new HashMap<>();
        Map<String, Span> places = new HashMap<>();
        for (Path file : files) {
            TextFiles.read(file, MOST_BYTES, ADVICE, problems)
                    .ifPresent(source -> VariableFile.read(source, problems).forEach((name, value) -> {
                        values.put(name, value.value());
                        places.put(name, value.place());
                    }));
        }
        values.putAll(given);
        return new Values(values, places);
    }
}

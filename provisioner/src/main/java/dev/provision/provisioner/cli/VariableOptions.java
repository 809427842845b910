package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import picocli.CommandLine.Option;

/** Values for the variables that the manifest declares. */
final class VariableOptions {

    @Option(names = "--var", paramLabel = "NAME=VALUE", description = "value of a variable that the manifest declares; may be repeated")
    private Map<String, String> given = Map.of();

    @Option(names = "--var-file", paramLabel = "FILE", description = "file of lines NAME=VALUE; --var goes before it")
    private List<Path> files = List.of();

    Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        for (Path file : files) {
            addLines(file, values);
        }
        values.putAll(given);
        return values;
    }

    /** Blank lines and lines that begin with {@code #} say nothing; a value is all behind the first {@code =}. */
    private static void addLines(Path file, Map<String, String> values) {
        int number = 0;
        for (String line : lines(file)) {
            number++;
            int equals = line.indexOf('=');
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (equals < 1) {
                throw new CommandFailedException(ExitCode.USAGE,
                        file + ":" + number + ": `" + line + "` sets no variable",
                        "write NAME=VALUE, or begin the line with # for a comment");
            }
            values.put(line.substring(0, equals).strip(), line.substring(equals + 1));
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new CommandFailedException(ExitCode.USAGE, "the variables in " + file + " cannot be read: "
                    + (Files.notExists(file) ? "there is no such file" : e.getMessage()),
                    "name a text file with --var-file");
        }
    }
}

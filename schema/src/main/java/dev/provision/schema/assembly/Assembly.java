package dev.provision.schema.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.document.Merge;
import dev.provision.schema.document.Node.Mapping;

/** Puts a manifest together: each file with its includes, files laid over each other, variables replaced. */
public final class Assembly {

    private Assembly() {}

    /** The one document; empty when a file is missing or no YAML, which has then been reported, of every file. */
    public static Optional<Mapping> of(Inputs inputs, Problems problems) {
        List<Mapping> layers = new ArrayList<>();
        for (Path file : inputs.files()) {
            Optional<Mapping> layer = Files.isDirectory(file) ? folder(file, problems)
                    : new Includes(problems).read(file);
            layer.ifPresent(layers::add);
        }
        if (layers.size() < inputs.files().size()) {
            return Optional.empty();
        }
        return layers.stream().reduce(Merge::over).map(root -> withVariables(root, inputs, problems));
    }

    /** A document that is already read, with its variables replaced. */
    public static Mapping withVariables(Mapping root, Inputs inputs, Problems problems) {
        return new Interpolation(Variables.of(root, inputs, problems), problems).apply(root);
    }

    private static Optional<Mapping> folder(Path folder, Problems problems) {
        List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.filter(file -> file.toString().matches(".*\\.ya?ml")).sorted().toList();
        } catch (IOException e) {
            problems.add(Diagnostic
                    .error(Code.FILE_UNREADABLE, "the folder `" + folder + "` cannot be read: " + e.getMessage())
                    .fix("check its permissions"));
            return Optional.empty();
        }
        if (files.isEmpty()) {
            problems.add(Diagnostic.error(Code.FILE_UNREADABLE, "the folder `" + folder + "` has no .yaml file")
                    .fix("name a manifest file"));
            return Optional.empty();
        }
        Includes includes = new Includes(problems);
        Optional<Mapping> all = Optional.empty();
        for (Path file : files) {
            all = includes.readUnlessKnown(file, all);
        }
        return all;
    }
}

package dev.provision.schema.assembly;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.provision.schema.binding.CanonicalKeys;
import dev.provision.schema.binding.LongForms;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.document.Merge;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.manifest.ManifestEntry;

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
        return layers.size() < inputs.files().size() ? Optional.empty() : of(layers, inputs, problems);
    }

    /**
     * Documents that are already read, later ones laid over earlier ones. Variables first, for any file may set them; then each
     * key gets its own name, so that two files can mean the same key by different ones.
     */
    public static Optional<Mapping> of(List<Mapping> layers, Inputs inputs, Problems problems) {
        return layers.stream().reduce(Merge::over).map(all -> {
            Interpolation interpolation = new Interpolation(Variables.of(all, inputs, problems), problems);
            return layers.stream()
                    .map(layer -> CanonicalKeys.of(ManifestEntry.class, interpolation.apply(layer), problems))
                    .reduce((base, upper) -> Merge.over(LongForms.under(ManifestEntry.class, upper, base), upper))
                    .orElse(all);
        });
    }

    /** The real paths of all files that a manifest is made of, its includes too. */
    public static SortedSet<Path> files(Inputs inputs) {
        SortedSet<Path> files = new TreeSet<>();
        for (Path file : inputs.files()) {
            Includes includes = new Includes(new Problems());
            if (Files.isDirectory(file)) {
                folder(file, includes, new Problems());
            } else {
                includes.read(file);
            }
            files.addAll(includes.files());
        }
        return files;
    }

    private static Optional<Mapping> folder(Path folder, Problems problems) {
        Includes includes = new Includes(problems);
        Optional<Mapping> all = Optional.empty();
        for (Path file : ManifestFolder.files(folder, problems)) {
            all = includes.readUnlessKnown(file, all);
        }
        return all;
    }
}

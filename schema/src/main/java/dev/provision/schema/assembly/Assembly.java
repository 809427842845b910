package dev.provision.schema.assembly;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import dev.provision.schema.binding.CanonicalKeys;
import dev.provision.schema.binding.LongForms;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.document.Merge;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.manifest.ManifestEntry;

/** Puts a manifest together: each file with its includes, files laid over each other, variables replaced. */
public final class Assembly {

    private Assembly() {}

    /**
     * The one document; empty when a file is missing or no YAML, also an included one. That has then been reported, of every
     * file, and nothing else: names that the others use may be defined in it.
     */
    public static Optional<Mapping> of(Inputs inputs, Problems problems) {
        List<Mapping> layers = new ArrayList<>();
        for (Path file : inputs.files()) {
            Includes includes = new Includes(problems);
            Optional<Mapping> layer = Files.isDirectory(file) ? folder(file, includes, problems) : includes.read(file);
            layer.filter(known -> includes.isComplete()).ifPresent(layers::add);
        }
        return layers.size() < inputs.files().size() ? Optional.empty() : of(layers, inputs, problems);
    }

    /**
     * Documents that are already read, later ones laid over earlier ones. Variables first, for any file may set them; then each
     * key gets its own name, so that two files can mean the same key by different ones.
     */
    public static Optional<Mapping> of(List<Mapping> layers, Inputs inputs, Problems problems) {
        checkRemovals(layers, problems);
        return layers.stream().reduce(Merge::over).map(all -> {
            Interpolation interpolation = new Interpolation(Variables.of(all, inputs, problems), problems);
            return layers.stream()
                    .map(layer -> CanonicalKeys.of(ManifestEntry.class, interpolation.apply(layer), problems))
                    .reduce((base, upper) -> Merge.over(LongForms.under(ManifestEntry.class, upper, base), upper))
                    .orElse(all);
        });
    }

    /** A file that takes away a machine which none below it has: most likely the name is misspelt. */
    private static void checkRemovals(List<Mapping> layers, Problems problems) {
        Set<String> below = new HashSet<>();
        for (int i = 0; i < layers.size(); i++) {
            Collection<Entry> machines = layers.get(i).child("machines").entries().values();
            for (Entry machine : i == 0 ? List.<Entry>of() : machines) {
                String name = machine.key().text();
                if (machine.value() instanceof Scalar nothing && nothing.isNull() && !below.contains(name)) {
                    problems.add(Diagnostic
                            .warning(Code.UNKNOWN_MACHINE, machine.key().span(),
                                    "there is no machine `" + name + "` to take away")
                            .why("a machine without a value is taken away from the files that this one is laid over")
                            .fix(Suggestion.text(name, below,
                                    "remove it, or write `" + name + ": {}` for a machine of the defaults")));
                }
            }
            machines.forEach(machine -> below.add(machine.key().text()));
        }
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

    private static Optional<Mapping> folder(Path folder, Includes includes, Problems problems) {
        Optional<Mapping> all = Optional.empty();
        for (Path file : ManifestFolder.files(folder, problems)) {
            all = includes.readUnlessKnown(file, all);
        }
        return all;
    }
}

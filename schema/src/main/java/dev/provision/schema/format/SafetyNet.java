package dev.provision.schema.format;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.yaml.snakeyaml.error.YAMLException;

import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.YamlReader;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;

/** Finds out, by the ways that manifests are read, whether formatting has changed more than the form. */
final class SafetyNet {

    private SafetyNet() {}

    /** What the formatted text would do to the original one, as a clause; absent when it says the same. */
    static Optional<String> objection(SourceText original, String formatted) {
        SourceText result = new SourceText(original.name(), formatted);
        if (!comments(original.text()).equals(comments(formatted))) {
            return Optional.of("a comment would be lost");
        }
        if (!isSameTree(original, result)) {
            return Optional.of("it would not say the same any more");
        }
        Optional<Fleet> fleet = ManifestReader.read(original, new Problems());
        boolean same = fleet.isEmpty() || ManifestReader.read(result, new Problems())
                .filter(other -> isSame(fleet.get(), other))
                .isPresent();
        return same ? Optional.empty() : Optional.of("it would describe another fleet");
    }

    /** All comments, without the blanks behind them, sorted; nothing when the text cannot be read. */
    private static Optional<List<String>> comments(String text) {
        try {
            Document document = new Document(text);
            Lines lines = document.lines();
            return Optional.of(document.comments()
                    .stream()
                    .map(at -> document.slice(at, lines.end(lines.at(at))).stripTrailing())
                    .sorted()
                    .toList());
        } catch (YAMLException e) {
            return Optional.empty();
        }
    }

    private static boolean isSameTree(SourceText original, SourceText result) {
        Problems problems = new Problems();
        Optional<Mapping> one = YamlReader.readMapping(original, problems);
        Optional<Mapping> other = YamlReader.readMapping(result, problems);
        return !problems.hasErrors() && one.isPresent() && other.isPresent()
                && SameMeaning.of(one.get(), other.get());
    }

    /** Origins aside: those are places in a text. */
    private static boolean isSame(Fleet one, Fleet other) {
        return one.name().equals(other.name()) && one.policy().equals(other.policy())
                && one.networks().equals(other.networks()) && machines(one).equals(machines(other));
    }

    private static Map<String, MachineSpec> machines(Fleet fleet) {
        return fleet.machines()
                .values()
                .stream()
                .collect(Collectors.toMap(machine -> machine.entry() + "/" + machine.spec().name(),
                        machine -> machine.spec()));
    }
}

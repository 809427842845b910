package dev.provision.schema.fleet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.provision.schema.binding.LongForms;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.document.Merge;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;
import dev.provision.schema.manifest.MachineEntry;

/** Lays defaults, profiles in their order, and a machine's own keys over each other. */
final class Layers {

    private static final String PROFILE = "profile";
    private static final String EXTENDS = "extends";
    private static final int MOST_LEVELS = 100;

    private final Mapping defaults;
    private final Mapping profiles;
    private final Problems problems;
    private final Map<String, Map<String, Mapping>> expanded = new HashMap<>();
    /** Profiles that are not defined, or build on such ones: nobody knows what they would say. */
    private final Set<String> incomplete = new HashSet<>();
    /** The profiles that are being resolved, in the order in which they extend each other. */
    private final Set<String> open = new LinkedHashSet<>();

    Layers(Mapping root, Problems problems) {
        this.defaults = root.child("defaults");
        this.profiles = root.child("profiles");
        this.problems = problems;
    }

    /** What does not depend on any machine: profiles build on profiles that exist, and not on themselves. */
    void check() {
        for (String name : profiles.entries().keySet()) {
            Mapping profile = profiles.child(name);
            misplaced(profile, PROFILE, "a profile builds on others by `extends`", "write `extends` instead");
            expanded(name);
        }
        misplaced(defaults, EXTENDS, "only profiles build on others", "write `profile` instead");
        names(defaults, PROFILE).forEach(this::profile);
    }

    Mapping merged(Mapping own) {
        misplaced(own, EXTENDS, "only profiles build on others", "write `profile` instead");
        // A profile that several of them extend is laid once, under all of them.
        LinkedHashMap<String, Mapping> layers = new LinkedHashMap<>();
        names(own.entries().containsKey(PROFILE) ? own : defaults, PROFILE)
                .forEach(profile -> profile(profile).forEach(layers::putIfAbsent));
        Mapping merged = defaults;
        for (Mapping layer : layers.values()) {
            merged = over(merged, layer);
        }
        return over(merged, own);
    }

    /** Every profile is defined that the machine has, of itself or by others. */
    boolean areKnown(Mapping own) {
        return names(own.entries().containsKey(PROFILE) ? own : defaults, PROFILE).stream()
                .noneMatch(profile -> incomplete.contains(profile.text()));
    }

    private void misplaced(Mapping layer, String key, String why, String fix) {
        Entry entry = layer.entries().get(key);
        if (entry != null) {
            problems.add(Diagnostic
                    .error(Code.UNKNOWN_KEY, entry.key().span(), "`" + key + "` has no meaning here")
                    .why(why)
                    .fix(fix));
        }
    }

    private static Mapping over(Mapping base, Mapping upper) {
        return Merge.over(LongForms.under(MachineEntry.class, upper, base), upper);
    }

    /**
     * The profile's own layer and before it those of the profiles it extends, each once. They are not merged into one: a
     * null in a profile removes what the defaults say, so it must stay until it is laid over them.
     */
    private Map<String, Mapping> expanded(String name) {
        Map<String, Mapping> known = expanded.get(name);
        if (known != null) {
            return known;
        }
        Mapping own = profiles.child(name);
        open.add(name);
        LinkedHashMap<String, Mapping> all = new LinkedHashMap<>();
        for (Scalar parent : names(own, EXTENDS)) {
            if (open.contains(parent.text())) {
                reportCycle(parent);
            } else if (open.size() >= MOST_LEVELS) {
                problems.add(Diagnostic
                        .error(Code.OUT_OF_RANGE, parent.span(),
                                "profiles extend each other through more than " + MOST_LEVELS + " levels")
                        .fix("shorten the chain"));
            } else {
                profile(parent).forEach(all::putIfAbsent);
            }
            if (incomplete.contains(parent.text())) {
                incomplete.add(name);
            }
        }
        open.remove(name);
        LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(own.entries());
        entries.remove(EXTENDS);
        all.put(name, new Mapping(entries, own.span()));
        expanded.put(name, all);
        return all;
    }

    private void reportCycle(Scalar parent) {
        List<String> path = new ArrayList<>(open);
        List<String> cycle = path.subList(path.indexOf(parent.text()), path.size());
        problems.add(Diagnostic
                .error(Code.PROFILE_CYCLE, parent.span(),
                        cycle.size() == 1 ? "profile `" + parent.text() + "` extends itself"
                                : "these profiles extend each other: " + String.join(" → ", cycle) + " → "
                                        + parent.text())
                .fix(cycle.size() == 1 ? "remove this `extends`" : "remove one of these `extends`"));
    }

    private static List<Scalar> names(Mapping layer, String key) {
        Entry entry = layer.entries().get(key);
        List<Scalar> names = new ArrayList<>();
        if (entry != null) {
            collect(entry.value(), names);
        }
        return names;
    }

    private static void collect(Node node, List<Scalar> names) {
        switch (node) {
            case Scalar scalar when !scalar.isNull() -> names.add(scalar);
            case Scalar nothing -> {
            }
            case Sequence sequence -> sequence.items().forEach(item -> collect(item, names));
            case Mapping wrong -> {
            }
        }
    }

    private Map<String, Mapping> profile(Scalar name) {
        if (!profiles.entries().containsKey(name.text())) {
            incomplete.add(name.text());
            problems.add(Diagnostic
                    .error(Code.UNKNOWN_PROFILE, name.span(), "no profile is called `" + name.text() + "`")
                    .fix(Suggestion.text(name.text(), profiles.entries().keySet(), "define it under `profiles:`")));
        }
        return expanded(name.text());
    }
}

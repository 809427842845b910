package dev.provision.schema.fleet;

import java.util.ArrayList;
import java.util.List;

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

/** Lays defaults, profiles in their order, and a machine's own keys over each other. */
final class Layers {

    private static final String PROFILE = "profile";

    private final Mapping defaults;
    private final Mapping profiles;
    private final Problems problems;

    Layers(Mapping root, Problems problems) {
        this.defaults = root.child("defaults");
        this.profiles = root.child("profiles");
        this.problems = problems;
    }

    /** What does not depend on any machine: profiles do not nest, and the defaults' profiles exist. */
    void check() {
        for (String name : profiles.entries().keySet()) {
            Entry nested = profiles.child(name).entries().get(PROFILE);
            if (nested != null) {
                problems.add(Diagnostic
                        .error(Code.UNKNOWN_KEY, nested.key().span(), "a profile cannot take over other profiles")
                        .why("one list at the machine says which profiles count, and in which order")
                        .fix("remove it, and name both profiles at the machine: `profile: [a, b]`"));
            }
        }
        names(defaults).forEach(this::profile);
    }

    Mapping merged(Mapping own) {
        Mapping merged = defaults;
        for (Scalar profile : names(own.entries().containsKey(PROFILE) ? own : defaults)) {
            merged = over(merged, profile(profile));
        }
        return over(merged, own);
    }

    private static Mapping over(Mapping base, Mapping upper) {
        return Merge.over(LongForms.under(upper, base), upper);
    }

    private static List<Scalar> names(Mapping layer) {
        Entry entry = layer.entries().get(PROFILE);
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

    private Mapping profile(Scalar name) {
        if (!profiles.entries().containsKey(name.text())) {
            problems.add(Diagnostic
                    .error(Code.UNKNOWN_PROFILE, name.span(), "no profile is called `" + name.text() + "`")
                    .fix(Suggestion.text(name.text(), profiles.entries().keySet(), "define it under `profiles:`")));
        }
        return profiles.child(name.text());
    }
}

package dev.provision.provisioner.imports.compose;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import dev.provision.provisioner.imports.draft.MachineDraft;
import dev.provision.provisioner.imports.source.Keys;
import dev.provision.provisioner.imports.source.Keys.Located;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.provisioner.imports.source.Template;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;

/** Environment variables and labels: both are mappings or lists of {@code KEY=VALUE}. */
final class Environment {

    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9._/-]{0,251}[A-Za-z0-9])?";
    private static final String LABEL_VALUE = "[^\\p{Cntrl}]{0,255}";

    private final Keys service;
    private final Interpolation interpolation;
    private final MachineDraft machine;
    private final Remarks remarks;

    private Environment(Keys service, Interpolation interpolation, MachineDraft machine) {
        this.service = service;
        this.interpolation = interpolation;
        this.machine = machine;
        this.remarks = machine.remarks();
    }

    static void convert(Keys service, Interpolation interpolation, MachineDraft machine) {
        Environment environment = new Environment(service, interpolation, machine);
        environment.pairs("environment", environment::variable);
        environment.pairs("labels", environment::label);
    }

    /** A key, its place, and its value where it has one. */
    private record Pair(String key, Span place, Optional<Template> value) {}

    private void pairs(String key, Consumer<Pair> take) {
        if (service.node(key).orElse(null) instanceof Mapping) {
            List<Entry> entries = service.below(key).map(Keys::all).orElse(List.of());
            entries.forEach(entry -> fromEntry(key, entry).ifPresent(take));
        } else {
            service.texts(key).forEach(item -> fromText(key, item).ifPresent(take));
        }
    }

    private Optional<Pair> fromEntry(String key, Entry entry) {
        String name = entry.key().text();
        Span place = entry.key().span();
        if (!(entry.value() instanceof Scalar value)) {
            remarks.lost(entry.value().span(), Remarks.quoted(name), "in `" + key + "` it takes a single value, not "
                    + entry.value().kind());
            return Optional.empty();
        }
        return Optional.of(new Pair(name, place,
                value.isNull() ? Optional.empty() : Optional.of(interpolation.read(value, remarks))));
    }

    private Optional<Pair> fromText(String key, Located item) {
        List<Template> sides = item.text().split('=', 2);
        Optional<String> name = sides.getFirst().literal();
        if (name.isEmpty()) {
            remarks.lost(item.span(), Remarks.quoted(item.text().text()),
                    "in `" + key + "` a manifest takes no name from a variable");
        }
        return name.map(text -> new Pair(text, item.span(),
                sides.size() == 1 ? Optional.empty() : Optional.of(sides.getLast())));
    }

    /** Without a value the one of our own environment is passed through. */
    private void variable(Pair pair) {
        Span place = pair.place();
        if (!pair.key().matches("[A-Za-z_][A-Za-z0-9_]*")) {
            remarks.lost(place, "the variable " + Remarks.quoted(pair.key()),
                    "names of environment variables are letters, digits and _ in a manifest");
            return;
        }
        Template value = pair.value().orElseGet(() -> interpolation.passedThrough(pair.key(), place));
        if (value.text().indexOf(0) >= 0) {
            remarks.lost(place, "the variable " + Remarks.quoted(pair.key()), "its value holds a NUL character");
        } else {
            machine.env(pair.key(), value);
        }
    }

    private void label(Pair pair) {
        Template value = pair.value().orElse(Template.of(""));
        if (!pair.key().matches(LABEL)) {
            remarks.lost(pair.place(), "the label " + Remarks.quoted(pair.key()),
                    "names of labels are letters, digits, dots, dashes, underscores and slashes");
        } else if (value.literal().filter(text -> !text.matches(LABEL_VALUE)).isPresent()) {
            remarks.lost(pair.place(), "the label " + Remarks.quoted(pair.key()),
                    "its value is not one line of at most 255 characters");
        } else {
            machine.label(pair.key(), value);
        }
    }
}

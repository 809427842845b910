package dev.provision.provisioner.imports.compose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Merge;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;

/**
 * Resolves {@code extends} between services of one file: mappings merge, lists follow each other, single values replace
 * (Compose Specification, chapter 5, "Merging service definitions"). Done on nodes, so that places are kept.
 */
final class Extension {

    private static final String EXTENDS = "extends";
    /** Lists of {@code KEY=VALUE} or of names, which mean the same as a mapping. */
    private static final Set<String> KEYED = Set.of("environment", "labels", "annotations", "depends_on", "networks",
            "sysctls", "extra_hosts");
    private static final Set<String> REPLACED = Set.of("command", "entrypoint");

    private final Mapping services;
    private final Remarks remarks;

    Extension(Mapping services, Remarks remarks) {
        this.services = services;
        this.remarks = remarks;
    }

    /** The service with everything that it takes over. */
    Mapping resolved(String name, Mapping service) {
        Set<String> known = new LinkedHashSet<>(List.of(name));
        Mapping all = service;
        Optional<String> base = base(all);
        while (base.isPresent()) {
            Entry from = services.entries().get(base.get());
            Entry extension = all.entries().get(EXTENDS);
            Span place = extension == null ? all.span() : extension.key().span();
            if (from == null || !(from.value() instanceof Mapping below)) {
                remarks.lost(place, "what " + Remarks.quoted(name) + " extends",
                        "no service of this file is called " + Remarks.quoted(base.get()));
                return without(all);
            }
            if (!known.add(base.get())) {
                remarks.lost(place, "what " + Remarks.quoted(name) + " extends",
                        "services extend each other in a circle");
                return without(all);
            }
            all = merged(below, without(all));
            base = base(all);
        }
        return all;
    }

    /** The name of a service of this file; a service of another file is left to the remarks on unused keys. */
    private static Optional<String> base(Mapping service) {
        Entry entry = service.entries().get(EXTENDS);
        return switch (entry == null ? null : entry.value()) {
            case Scalar name when !name.isNull() -> Optional.of(name.text());
            case Mapping mapping when !mapping.entries().containsKey("file")
                    && mapping.entries().get("service") instanceof Entry(Scalar key, Scalar name) ->
                Optional.of(name.text());
            case null -> Optional.empty();
            case Node other -> Optional.empty();
        };
    }

    private static Mapping without(Mapping service) {
        LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(service.entries());
        entries.remove(EXTENDS);
        return new Mapping(entries, service.span());
    }

    private static Mapping merged(Mapping base, Mapping own) {
        LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(base.entries());
        own.entries().forEach((key, entry) -> {
            Entry below = entries.get(key);
            entries.put(key, below == null ? entry : new Entry(entry.key(), merged(key, below.value(), entry.value())));
        });
        return new Mapping(entries, own.span());
    }

    private static Node merged(String key, Node base, Node own) {
        Node lower = KEYED.contains(key) ? asMapping(base) : base;
        Node upper = KEYED.contains(key) ? asMapping(own) : own;
        if (lower instanceof Mapping below && upper instanceof Mapping above) {
            return KEYED.contains(key) ? laidOver(below, above) : Merge.over(below, above);
        }
        if (base instanceof Sequence first && own instanceof Sequence second && !REPLACED.contains(key)) {
            List<Node> items = new ArrayList<>(first.items());
            if (key.equals("volumes")) {
                Set<String> targets = Set.copyOf(second.items().stream().map(Extension::target).toList());
                items.removeIf(item -> targets.contains(target(item)));
            }
            items.addAll(second.items());
            return new Sequence(items, second.span());
        }
        return own;
    }

    /** Unlike {@link Merge}, an entry without a value is one: a variable that is passed through, a name. */
    private static Mapping laidOver(Mapping below, Mapping above) {
        Map<String, Entry> entries = new LinkedHashMap<>(below.entries());
        entries.putAll(above.entries());
        return new Mapping(new LinkedHashMap<>(entries), above.span());
    }

    private static Node asMapping(Node node) {
        if (!(node instanceof Sequence sequence)) {
            return node;
        }
        LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
        for (Node item : sequence.items()) {
            if (item instanceof Scalar scalar) {
                String[] sides = scalar.text().split("=", 2);
                Scalar key = new Scalar(sides[0], false, scalar.span());
                entries.put(sides[0],
                        new Entry(key,
                                new Scalar(sides.length == 1 ? "" : sides[1], sides.length == 1, scalar.span())));
            }
        }
        return new Mapping(entries, sequence.span());
    }

    /** Where a mount is seen in the container: what makes two mounts the same. */
    private static String target(Node mount) {
        return switch (mount) {
            case Scalar scalar -> {
                String[] pieces = scalar.text().split(":", -1);
                yield pieces[Math.min(1, pieces.length - 1)];
            }
            case Mapping mapping when mapping.entries().get("target") instanceof Entry(Scalar key, Scalar path) ->
                path.text();
            case Mapping mapping -> "";
            case Sequence sequence -> "";
        };
    }
}

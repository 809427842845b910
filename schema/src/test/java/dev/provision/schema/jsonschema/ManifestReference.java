package dev.provision.schema.jsonschema;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import jakarta.validation.constraints.Pattern;

import dev.provision.schema.binding.Forms;
import dev.provision.schema.binding.Key;
import dev.provision.schema.binding.RecordShape;
import dev.provision.schema.manifest.MachineEntry;
import dev.provision.schema.manifest.ManifestEntry;
import dev.provision.schema.manifest.SizeBetween;
import dev.provision.schema.units.ByteSize;

/** The generated parts of {@code docs/manifest.md}. */
final class ManifestReference {

    /** A record and the places where it stands. */
    private record Section(Class<?> record, Set<String> places) {}

    private final Map<Class<?>, Section> sections = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();

    private ManifestReference() {}

    /** Every key, in the order of the grammar: one section for each kind of mapping. */
    static String keys() {
        ManifestReference reference = new ManifestReference();
        reference.collect(ManifestEntry.class, "");
        reference.sections.values().forEach(reference::section);
        return reference.text.toString().strip();
    }

    private void collect(Class<?> record, String place) {
        if (!RecordShape.of(record).takesMapping()) {
            return;
        }
        Section known = sections.computeIfAbsent(record, key -> new Section(key, new LinkedHashSet<>()));
        known.places().add(place);
        if (known.places().size() == 1) {
            // What stands in a machine is the same in profiles and defaults: its paths begin there.
            String start = record == MachineEntry.class || place.isEmpty() ? "" : place + ".";
            RecordShape.of(record).components().forEach(key -> collect(key.type(), start + key.name()));
        }
    }

    private void collect(Type type, String place) {
        switch (type) {
            case ParameterizedType list when list.getRawType() == List.class ->
                collect(list.getActualTypeArguments()[0], place + "[]");
            case ParameterizedType map when map.getRawType() == Map.class ->
                collect(map.getActualTypeArguments()[1], place + ".NAME");
            case Class<?> scalar when Forms.isScalar(scalar) -> {
            }
            case Class<?> record -> collect(record, place);
            default -> throw new IllegalStateException(type.toString());
        }
    }

    private void section(Section section) {
        String places = section.places().stream().map(ManifestReference::code).collect(Collectors.joining(", "));
        boolean root = section.places().contains("");
        String start = root || section.record() == MachineEntry.class ? "" : section.places().iterator().next() + ".";
        text.append("\n### ").append(root ? "The file" : places).append('\n');
        RecordShape.of(section.record()).components().forEach(key -> key(key, start + key.name()));
    }

    private void key(RecordShape.Component key, String path) {
        text.append("\n#### `").append(path).append("`\n\n").append(sentence(key.doc())).append("\n\n");
        line("takes", takes(Site.of(key)) + (key.required() ? "; required" : ""));
        line("default", key.standard().isEmpty() ? key.otherwise() : code(key.standard()));
        line("also called", key.aliases().stream().map(ManifestReference::alias).collect(Collectors.joining(", ")));
        line("for example",
                key.examples().stream().map(ManifestReference::code).collect(Collectors.joining(" or ")));
        line("a change", key.change());
    }

    /** {@code true: the machine …} begins with a value, which stays as it is. */
    private static String sentence(String clause) {
        boolean value = clause.matches("(true|false): .*");
        return (value ? clause.charAt(0) : Character.toUpperCase(clause.charAt(0))) + clause.substring(1) + ".";
    }

    private void line(String word, String value) {
        if (!value.isEmpty()) {
            text.append("- ").append(word).append(": ").append(value).append('\n');
        }
    }

    private static String takes(Site site) {
        return switch (site.type()) {
            case ParameterizedType list when list.getRawType() == List.class ->
                "a list, each item " + takes(site.argument(0));
            case ParameterizedType map when map.getRawType() == Map.class ->
                "a mapping" + bounds(site.argument(0)).map(rule -> "; each name " + rule).orElse("") + "; each value "
                        + takes(site.argument(1));
            default -> Forms.of(site.type()) + bounds(site).map(rule -> "; " + rule).orElse("");
        };
    }

    /** What the messages of the constraints say: {@code must be at least 0, at most 64}. */
    private static Optional<String> bounds(Site site) {
        List<String> rules = new ArrayList<>();
        for (AnnotatedElement element : site.annotated()) {
            for (Annotation constraint : element.getAnnotations()) {
                rule(constraint).ifPresent(rules::add);
            }
        }
        return rules.stream().distinct().reduce((all, next) -> all + ", " + next.replaceFirst("^must be ", ""));
    }

    private static Optional<String> rule(Annotation constraint) {
        if (constraint instanceof SizeBetween size) {
            return Optional.of("must be from " + size.min() + " to " + size.max());
        }
        if (constraint instanceof Pattern name && !name.message().startsWith("must ")) {
            return Optional.of("must look like " + code(name.regexp()));
        }
        return Arrays.stream(constraint.annotationType().getMethods())
                .filter(method -> method.getName().equals("message"))
                .map(method -> {
                    try {
                        return (String) method.invoke(constraint);
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .filter(message -> !message.startsWith("{"))
                .findFirst();
    }

    private static String alias(Key.Alias alias) {
        return code(alias.value()) + (alias.namesUnit() ? " (a number of " + alias.unit() + ")"
                : !alias.unit().isEmpty() ? " (a bare number is " + alias.unit() + ")"
                        : !alias.into().isEmpty() ? " (its `" + alias.into() + "`)" : "");
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    /** The units of sizes, smallest first. */
    static String units() {
        Map<ByteSize, List<String>> bySize = new TreeMap<>();
        ByteSize.units().forEach((unit, size) -> bySize.computeIfAbsent(size, key -> new ArrayList<>()).add(unit));
        StringBuilder table = new StringBuilder("| unit | is |\n|---|---|\n");
        bySize.forEach((size, units) -> table.append("| ")
                .append(units.stream().sorted().map(ManifestReference::code).collect(Collectors.joining(" ")))
                .append(" | ")
                .append("%,d".formatted(size.bytes()).replace(',', ' '))
                .append(size.bytes() == 1 ? " byte" : " bytes")
                .append(" |\n"));
        return table.toString().strip();
    }
}

package dev.provision.schema.binding;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;

/** What others write in another form or by another key, written as a manifest has it. */
final class Translations {

    /** More of them would not be read. */
    private static final int MOST = 5;

    /** Keys of Compose, Kubernetes, Docker and Nomad, and the ones that say it here. */
    private static final Map<String, String> KEYS = Map.ofEntries(Map.entry("services", "machines"),
            Map.entry("vms", "machines"), Map.entry("name", "fleet"), Map.entry("replicas", "count"),
            Map.entry("scale", "count"), Map.entry("instances", "count"), Map.entry("healthcheck", "ready"),
            Map.entry("readinessProbe", "ready"), Map.entry("requests", "request"), Map.entry("limits", "limit"),
            Map.entry("args", "run"), Map.entry("entrypoint", "run"), Map.entry("cmd", "run"),
            Map.entry("tags", "labels"), Map.entry("envFrom", "env"));

    private Translations() {}

    /** How a mapping with these keys says what this key says elsewhere. */
    static Optional<String> ofKey(String name, Collection<String> keys) {
        return Optional.ofNullable(KEYS.get(name))
                .filter(keys::contains)
                .map(key -> key.equals("run") ? "write it as `run: { command: … }`" : "that is `" + key + "` here");
    }

    /**
     * What to write for a value that has another form.
     *
     * @param expected
     *            the forms that it may have, as {@link Forms} calls them
     */
    static Optional<String> of(String key, String expected, Node node) {
        return switch (node) {
            case Sequence list when expected.equals("a mapping") -> mapping(key, list);
            case Mapping mapping when expected.equals("a list") -> list(mapping.entries().keySet());
            case Scalar word when expected.equals("a list") && !word.isNull() -> list(List.of(word.text()));
            case Scalar pair when expected.endsWith("a mapping") && pair.plain()
                    && pair.text().matches("[A-Za-z]+:[^ ]+") ->
                Optional.of("write a blank behind the colon: `" + pair.text().replaceFirst(":", ": ") + "`");
            case Node other -> Optional.empty();
        };
    }

    private static Optional<String> list(Collection<String> items) {
        return items.isEmpty() || items.size() > MOST ? Optional.empty()
                : Optional.of("write a list: `"
                        + items.stream().map(Translations::quoted).collect(Collectors.joining(", ", "[", "]")) + "`");
    }

    private static Optional<String> mapping(String key, Sequence list) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (Node item : list.items()) {
            switch (item) {
                case Scalar pair when pair.text().matches("(?s)[^=]+=.*") -> {
                    int sign = pair.text().indexOf('=');
                    entries.put(pair.text().substring(0, sign), quoted(pair.text().substring(sign + 1)));
                }
                case Scalar name when !name.isNull() && key.equals("dependsOn") -> entries.put(name.text(), "ready");
                case Mapping named when named.along(List.of("name")).size() == 1
                        && named.deepest(List.of("name")) instanceof Scalar name ->
                    entries.put(name.text(), "{ … }");
                case Node other -> {
                    return Optional.empty();
                }
            }
        }
        return entries.isEmpty() || entries.size() > MOST ? Optional.empty()
                : Optional.of("write a mapping: `" + entries.entrySet()
                        .stream()
                        .map(entry -> quoted(entry.getKey()) + ": " + entry.getValue())
                        .collect(Collectors.joining(", ", "{ ", " }")) + "`");
    }

    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9_./-]*[A-Za-z0-9_/]") ? text
                : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + "\"";
    }
}

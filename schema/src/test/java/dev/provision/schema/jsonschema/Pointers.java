package dev.provision.schema.jsonschema;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;

/** The JSON pointers (RFC 6901) of all keys and values of a document, by their places in the file. */
final class Pointers {

    private final Map<Span, Set<String>> bySpan = new HashMap<>();
    private final Map<String, Node> nodes = new HashMap<>();

    Pointers(Node root) {
        visit(root, "");
    }

    private void visit(Node node, String pointer) {
        at(node.span(), pointer);
        nodes.put(pointer, node);
        switch (node) {
            case Scalar scalar -> {
            }
            case Sequence list -> {
                for (int i = 0; i < list.items().size(); i++) {
                    visit(list.items().get(i), pointer + "/" + i);
                }
            }
            case Mapping mapping -> mapping.entries().forEach((key, entry) -> {
                at(entry.key().span(), below(pointer, key));
                visit(entry.value(), below(pointer, key));
            });
        }
    }

    private void at(Span span, String pointer) {
        bySpan.computeIfAbsent(span, key -> new LinkedHashSet<>()).add(pointer);
    }

    /** What stands at this place of the file, or around it; anchors make several pointers of one. */
    Set<String> at(Span span) {
        Set<String> exact = bySpan.get(span);
        return exact != null ? exact
                : bySpan.keySet()
                        .stream()
                        .filter(other -> isAround(other, span))
                        .flatMap(other -> bySpan.getOrDefault(other, Set.of()).stream())
                        .collect(Collectors.toSet());
    }

    private static boolean isAround(Span outer, Span inner) {
        return outer.line() == inner.line() && outer.column() <= inner.column()
                && inner.column() + inner.length() <= outer.column() + outer.length();
    }

    Optional<Node> node(String pointer) {
        return Optional.ofNullable(nodes.get(pointer));
    }

    static String below(String pointer, String key) {
        return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
    }

    /** The last step of a pointer. */
    static String key(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
    }

    /** The pointer and all above it. */
    static Stream<String> upwards(String pointer) {
        return Stream.iterate(pointer, Objects::nonNull,
                here -> here.isEmpty() ? null : here.substring(0, here.lastIndexOf('/')));
    }

    /** The pointers and all above them. */
    static Set<String> withAllAbove(Set<String> pointers) {
        return pointers.stream().flatMap(Pointers::upwards).collect(Collectors.toSet());
    }
}

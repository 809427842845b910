package dev.provision.schema.jsonschema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;
import dev.provision.schema.document.YamlReader;

/**
 * YAML as JSON Schema and editors see it, with the types of the core schema (YAML 1.2, section 10.3.2): maps, lists, texts,
 * numbers, truth values and null. To the binder a scalar is its text.
 */
final class CoreTypes {

    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern RADIX = Pattern.compile("0o[0-7]+|0x[0-9a-fA-F]+");
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?");
    private static final Pattern INFINITY = Pattern.compile("[-+]?\\.(inf|Inf|INF)");
    /** JSON has no infinity; this is beyond every bound. */
    private static final BigDecimal INFINITE = new BigDecimal("1E+400");

    private CoreTypes() {}

    /** The value that this YAML, a constant of the program, stands for. */
    static @Nullable Object parse(String yaml) {
        Problems problems = new Problems();
        Optional<Node> root = YamlReader.read(new SourceText("constant", yaml), problems);
        if (problems.hasErrors() || root.isEmpty()) {
            throw new IllegalStateException(yaml + ": " + problems.sorted());
        }
        return of(root.get());
    }

    static @Nullable Object of(Node node) {
        return switch (node) {
            case Scalar scalar -> scalar.plain() ? plain(scalar) : scalar.text();
            case Sequence sequence -> {
                List<@Nullable Object> items = new ArrayList<>();
                sequence.items().forEach(item -> items.add(of(item)));
                yield items;
            }
            case Mapping mapping -> {
                Map<String, @Nullable Object> entries = new LinkedHashMap<>();
                mapping.entries().forEach((key, entry) -> entries.put(key, of(entry.value())));
                yield entries;
            }
        };
    }

    private static @Nullable Object plain(Scalar scalar) {
        String text = scalar.text();
        if (text.matches("|~|null|Null|NULL")) {
            return null;
        }
        if (text.matches("true|True|TRUE|false|False|FALSE")) {
            return Boolean.valueOf(text);
        }
        if (INTEGER.matcher(text).matches()) {
            return new BigInteger(text);
        }
        if (RADIX.matcher(text).matches()) {
            return new BigInteger(text.substring(2), text.charAt(1) == 'x' ? 16 : 8);
        }
        if (INFINITY.matcher(text).matches()) {
            return text.startsWith("-") ? INFINITE.negate() : INFINITE;
        }
        return FLOAT.matcher(text).matches() ? new BigDecimal(text) : text;
    }
}

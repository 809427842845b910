package dev.provision.schema.binding;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.ByteSize.BareUnit;
import dev.provision.schema.units.Cpus;
import dev.provision.schema.units.Durations;
import dev.provision.schema.units.QuantityFormatException;

/** The types that a single value can have, and what each is called. */
final class Scalars {

    /** Reads one type from its text. */
    @FunctionalInterface
    interface Reader {
        Object read(String text, BareUnit bareUnit) throws QuantityFormatException;
    }

    /** A type of single value: how people call it, how it is read. */
    record ScalarType(String noun, Reader reader) {}

    private static final Map<Class<?>, ScalarType> TYPES = Map.of(
            String.class, new ScalarType("a text", (text, unit) -> text),
            Integer.class, new ScalarType("a whole number", (text, unit) -> integer(text)),
            Double.class, new ScalarType("a number", (text, unit) -> number(text)),
            Boolean.class, new ScalarType("true or false", (text, unit) -> truth(text)),
            ByteSize.class, new ScalarType("a size such as 512MiB", ByteSize::parse),
            Cpus.class, new ScalarType("a number of CPUs such as 2, 0.5 or 500m", (text, unit) -> Cpus.parse(text)),
            Duration.class, new ScalarType("a duration such as 30s", (text, unit) -> Durations.parse(text)),
            PortForward.class,
            new ScalarType("a port such as 127.0.0.1:8080:80", (text, unit) -> PortForward.parse(text)));

    private Scalars() {}

    static @Nullable ScalarType of(Class<?> type) {
        return type.isEnum() ? enumType(type) : TYPES.get(type);
    }

    private static ScalarType enumType(Class<?> type) {
        List<String> words = Arrays.stream(type.getEnumConstants()).map(Object::toString).toList();
        return new ScalarType("one of " + String.join(", ", words), (text, unit) -> {
            int index = words.indexOf(text);
            if (index < 0) {
                throw new QuantityFormatException("`" + text + "` is none of " + String.join(", ", words),
                        Suggestion.text(text, words, "write one of them"));
            }
            return type.getEnumConstants()[index];
        });
    }

    private static Object integer(String text) throws QuantityFormatException {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            throw new QuantityFormatException("`" + text + "` is not a whole number", "write digits only, such as 3");
        }
    }

    private static Object number(String text) throws QuantityFormatException {
        if (!text.matches("[+-]?[0-9]+(\\.[0-9]+)?")) {
            throw new QuantityFormatException("`" + text + "` is not a number", "write a number such as 1.5");
        }
        return Double.valueOf(text);
    }

    private static Object truth(String text) throws QuantityFormatException {
        return switch (text) {
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            default ->
                throw new QuantityFormatException("`" + text + "` is neither true nor false", "write true or false");
        };
    }
}

package dev.provision.schema.binding;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.fleet.CpuSet;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.fleet.GpuModel;
import dev.provision.schema.fleet.GpuRequest;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.Volume;
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

    /** Writes one type in its canonical form. */
    @FunctionalInterface
    interface Writer {
        String write(Object value, String text);
    }

    /** A type of single value: how people call it, how it is read, how it is best written. */
    record ScalarType(String noun, Reader reader, Writer writer) {}

    private static final Map<Class<?>, ScalarType> TYPES = Map.ofEntries(
            entry(String.class, "a text", (text, unit) -> text),
            entry(Integer.class, "a whole number", (text, unit) -> integer(text)),
            entry(Double.class, "a number", (text, unit) -> number(text), (number, text) -> plain(text)),
            entry(Boolean.class, "true or false", (text, unit) -> truth(text)),
            entry(ByteSize.class, "a size such as 512MiB", ByteSize::parse,
                    (size, text) -> ((ByteSize) size).canonical()),
            entry(Cpus.class, "a number of CPUs such as 2, 0.5 or 500m", (text, unit) -> Cpus.parse(text)),
            entry(CpuSet.class, "host CPUs such as 0,1 or 0-3", (text, unit) -> CpuSet.parse(text)),
            entry(Duration.class, "a duration such as 30s", (text, unit) -> Durations.parse(text),
                    (duration, text) -> Durations.format((Duration) duration)),
            entry(PortForward.class, "a port such as 127.0.0.1:8080:80", (text, unit) -> PortForward.parse(text),
                    (port, text) -> ((PortForward) port).toString(PortForward.namesAddress(text))),
            entry(Volume.class, "a volume such as ./data:/data:ro", (text, unit) -> Volume.parse(text)),
            entry(GpuModel.class, "a GPU such as A100", (text, unit) -> gpu(text)),
            entry(DeviceSelector.class, "a PCI device such as 0000:3b:00.0",
                    (text, unit) -> DeviceSelector.pci(text)));

    private Scalars() {}

    /** A type whose values write themselves canonically. */
    private static Map.Entry<Class<?>, ScalarType> entry(Class<?> type, String noun, Reader reader) {
        return entry(type, noun, reader, (value, text) -> value.toString());
    }

    private static Map.Entry<Class<?>, ScalarType> entry(Class<?> type, String noun, Reader reader, Writer writer) {
        return Map.entry(type, new ScalarType(noun, reader, writer));
    }

    static @Nullable ScalarType of(Class<?> type) {
        ScalarType known = TYPES.get(type);
        return known == null && type.isEnum() ? enumType(type) : known;
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
        }, (value, text) -> value.toString());
    }

    private static Object gpu(String text) throws QuantityFormatException {
        Optional<GpuModel> model = GpuRequest.model(text);
        if (model.isEmpty()) {
            throw new QuantityFormatException("`any` is no model", "leave `device` out: any GPU will do");
        }
        return model.get();
    }

    private static Object integer(String text) throws QuantityFormatException {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            if (text.matches("[+-]?[0-9]+")) {
                throw new QuantityFormatException("`" + text + "` is too large to be a number here",
                        "write a smaller number");
            }
            throw new QuantityFormatException("`" + text + "` is not a whole number", "write digits only, such as 3");
        }
    }

    private static Object number(String text) throws QuantityFormatException {
        if (!text.matches("[+-]?[0-9]+(\\.[0-9]+)?")) {
            throw new QuantityFormatException("`" + text + "` is not a number", "write a number such as 1.5");
        }
        return Double.valueOf(text);
    }

    /** {@code 4.0} is 4; what more digits say stays. */
    private static String plain(String number) {
        return new BigDecimal(number).stripTrailingZeros().toPlainString();
    }

    private static Object truth(String text) throws QuantityFormatException {
        return switch (text) {
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            default -> throw new QuantityFormatException("`" + text + "` is neither true nor false",
                    text.matches("(?i)y|yes|on") ? "write true"
                            : text.matches("(?i)n|no|off") ? "write false"
                                    : "write true or false");
        };
    }
}

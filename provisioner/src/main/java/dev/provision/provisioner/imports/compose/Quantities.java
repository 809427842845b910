package dev.provision.provisioner.imports.compose;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.provisioner.imports.draft.Value;
import dev.provision.provisioner.imports.source.Keys;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.provisioner.imports.source.Template;
import dev.provision.provisioner.imports.source.Template.Reference;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;
import dev.provision.schema.units.QuantityFormatException;

/** Numbers, CPUs and sizes as Compose writes them. */
final class Quantities {

    /** Docker's notation: every unit is binary, upper case or not; without one it is bytes. */
    private static final Pattern BYTES = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?) ?(?:([kmgtp])i?)?b?");
    private static final Map<String, Long> UNITS = Map.of("k", 1L << 10, "m", 1L << 20, "g", 1L << 30, "t", 1L << 40,
            "p", 1L << 50);

    /**
     * An amount, as the manifest writes it.
     *
     * @param known
     *            absent when a variable holds it that has no default
     */
    record Amount<T extends Comparable<T>>(Value value, Optional<T> known) {

        /** Both are known, or likely, and this one is larger. */
        boolean exceeds(Amount<T> other) {
            return known.isPresent() && other.known.isPresent() && known.get().compareTo(other.known.get()) > 0;
        }
    }

    /** Reads an amount from its text; empty when it says that there is none. */
    @FunctionalInterface
    private interface Reader<T> {
        Optional<T> read(String text) throws QuantityFormatException;
    }

    private Quantities() {}

    static Amount<Cpus> amount(Cpus cpus) {
        return new Amount<>(Value.word(cpus), Optional.of(cpus));
    }

    static Amount<ByteSize> amount(ByteSize size) {
        return new Amount<>(Value.word(size.canonical()), Optional.of(size));
    }

    /** A number of CPUs; zero, which means no limit, is none. */
    static Optional<Amount<Cpus>> cpus(Keys keys, String key) {
        return read(keys, key,
                text -> text.matches("0*(\\.0*)?") ? Optional.empty() : Optional.of(Cpus.parse(text)),
                Cpus::toString);
    }

    /** A size, rounded up to whole MiB; zero is none. */
    static Optional<Amount<ByteSize>> size(Keys keys, String key) {
        Optional<Amount<ByteSize>> size = read(keys, key,
                text -> Optional.of(bytes(text)
                        .orElseThrow(() -> new QuantityFormatException(
                                Remarks.quoted(text) + " is not a size such as 512m or 2gb", "")))
                        .filter(bytes -> !bytes.isZero()),
                ByteSize::canonical);
        if (size.isPresent() && size.get().value() instanceof Value.Text text) {
            keys.remarks()
                    .note(keys.place(key), "the size that " + Remarks.quoted(text.text()) + " stands for is read with"
                            + " the units of manifests", "`512M` is decimal there, and a bare number counts MiB");
        }
        return size;
    }

    /** A whole number within bounds, both included. */
    static Optional<Amount<Long>> whole(Keys keys, String key, long least, long most) {
        return read(keys, key, text -> {
            if (!text.matches("[0-9]{1,15}") || Long.parseLong(text) < least || Long.parseLong(text) > most) {
                throw new QuantityFormatException(
                        Remarks.quoted(text) + " is not a whole number from " + least + " to " + most, "");
            }
            return Optional.of(Long.valueOf(text));
        }, String::valueOf);
    }

    /** What {@code deploy} says goes before a key of the service that should say the same, and a remark when it does not. */
    static <T extends Comparable<T>> Optional<Amount<T>> first(Optional<Amount<T>> deployed, Optional<Amount<T>> own,
            Keys service, String key) {
        if (deployed.isPresent() && own.isPresent() && !deployed.equals(own)) {
            service.lose(key, "`deploy` says something else, which goes before it");
        }
        return deployed.isPresent() ? deployed : own;
    }

    /** What cannot be read is remarked and counts as absent; so does a default that cannot be read. */
    private static <T extends Comparable<T>> Optional<Amount<T>> read(Keys keys, String key, Reader<T> reader,
            Function<T, String> writer) {
        Optional<Template> text = keys.text(key);
        text.ifPresent(keys.texts()::demand);
        if (text.isEmpty() || text.get().withDefaults().isEmpty()) {
            return text.map(template -> new Amount<T>(Value.text(template), Optional.empty()));
        }
        try {
            return reader.read(text.get().withDefaults().get())
                    .map(amount -> new Amount<T>(written(text.get(), writer.apply(amount)), Optional.of(amount)));
        } catch (QuantityFormatException e) {
            keys.lose(key, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** An amount as we write it; where a variable holds it, its default is. */
    private static Value written(Template text, String amount) {
        if (text.literal().isPresent()) {
            return Value.word(amount);
        }
        return text.reference()
                .map(reference -> new Template(
                        List.of(new Reference(reference.name(), reference.otherwise(), amount))))
                .map(Value::text)
                .orElse(Value.text(text));
    }

    /** Docker's notation of a size, in whole MiB; empty when it is none or exceeds what 63 bits hold. */
    static Optional<ByteSize> bytes(String text) {
        Matcher matcher = BYTES.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long unit = matcher.group(2) == null ? 1 : UNITS.getOrDefault(matcher.group(2), 1L);
        BigDecimal mib = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit))
                .divide(BigDecimal.valueOf(1L << 20), 0, RoundingMode.CEILING);
        return mib.compareTo(BigDecimal.valueOf(Long.MAX_VALUE >> 20)) > 0 ? Optional.empty()
                : Optional.of(ByteSize.ofMib(mib.longValueExact()));
    }
}

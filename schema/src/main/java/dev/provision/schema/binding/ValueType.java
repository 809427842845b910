package dev.provision.schema.binding;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.ByteSize.BareUnit;
import dev.provision.schema.units.QuantityFormatException;

/**
 * What a value at some place of a manifest is, for those who work on its text. Two places with equal types take the same
 * texts and mean the same by them.
 *
 * @param type
 *            a record, a list, a map, or the type of a single value
 * @param unit
 *            the unit that a size without one has, where something else than the type itself says it
 */
public record ValueType(Type type, @Nullable BareUnit unit) {

    /** What a mapping of this record is. */
    public static ValueType of(Class<? extends Record> record) {
        return new ValueType(record, null);
    }

    /** Its keys are those of the language, in an order of their own; the keys of other mappings are names. */
    public boolean hasKeys() {
        return shape().filter(RecordShape::takesMapping).isPresent();
    }

    /** The place of a key, or of an alias of it, in the order of the keys; absent for keys that are unknown here. */
    public OptionalInt rank(String key) {
        List<RecordShape.Component> order = shape().map(RecordShape::components).orElse(List.of());
        return component(key).map(component -> OptionalInt.of(order.indexOf(component))).orElse(OptionalInt.empty());
    }

    /** What the value of this key, or of an alias of one, is. */
    public Optional<ValueType> entry(String key) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            return Optional.of(new ValueType(generic.getActualTypeArguments()[1], unit));
        }
        return alias(key).map(Alias::valueType)
                .or(() -> component(key).map(component -> of(component.type(), component.site())));
    }

    /** What an item of the list is. */
    public Optional<ValueType> item() {
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            return Optional.of(new ValueType(generic.getActualTypeArguments()[0], unit));
        }
        return shape().map(RecordShape::fromList).flatMap(factory -> parameter(factory).item());
    }

    /** What this text is here: a short form is the single value that it takes, and a unit matters to bare numbers only. */
    public ValueType of(String text) {
        Optional<RecordShape> shape = shape();
        Method fromScalar = shape.map(RecordShape::fromScalar).orElse(null);
        if (fromScalar != null && shape.map(RecordShape::toScalar).isEmpty()) {
            return parameter(fromScalar).of(text);
        }
        return new ValueType(type, type == ByteSize.class && isNumber(text) ? bareUnit() : null);
    }

    /** The key that goes by this other name too. */
    public Optional<Alias> alias(String name) {
        return shape().flatMap(shape -> shape.aliased(name))
                .flatMap(component -> component.aliases()
                        .stream()
                        .filter(alias -> alias.value().equals(name))
                        .findFirst()
                        .map(alias -> new Alias(component, alias)));
    }

    /** Another name of a key, as a mapping uses it. */
    public record Alias(RecordShape.Component component, Key.Alias alias) {

        /** The key's own name. */
        public String key() {
            return component.name();
        }

        /** The key within that key's mapping that is meant; absent where it is the key itself. */
        public Optional<String> into() {
            return alias.into().isEmpty() ? Optional.empty() : Optional.of(alias.into());
        }

        /** The key within that key's mapping that its short form gives a value to. */
        public Optional<String> shortForm() {
            return own().shape()
                    .map(RecordShape::fromScalar)
                    .map(factory -> factory.getAnnotation(FromScalar.class).key())
                    .filter(key -> !key.isEmpty());
        }

        /** A bare number means another unit here than under the key's own name. */
        public boolean hasOtherUnit() {
            return valueType().unit() != null && !valueType().equals(own());
        }

        /** A bare number has the unit that belongs to this name. */
        public boolean saysUnit() {
            return !alias.unit().isEmpty();
        }

        /** Whether the value may be this text: a name that says the unit takes a number alone. */
        public boolean takes(String text) {
            return !alias.namesUnit() || isNumber(text);
        }

        /** Whether this bare number is one that the key can have, so that its unit can be added. */
        public boolean reads(String number) {
            return !valueType().canonical(number).equals(number);
        }

        private ValueType own() {
            return of(component.type(), component.site());
        }

        ValueType valueType() {
            if (into().isPresent()) {
                return own().entry(alias.into()).orElseThrow();
            }
            BareUnit unit = alias.unit().isEmpty() ? null
                    : BareUnit.valueOf(alias.unit().toUpperCase(Locale.ROOT));
            return unit == null || unit == own().bareUnit() ? own() : new ValueType(component.type(), unit);
        }
    }

    /** Digits without a unit. */
    public static boolean isNumber(String text) {
        return text.strip().matches("[+-]?[0-9]+(\\.[0-9]+)?");
    }

    /**
     * The canonical form of a single value: {@code 1GiB} for {@code 1024} where that is a memory size. Texts that cannot be
     * read, texts of people and texts with references to variables are returned as they are.
     */
    public String canonical(String text) {
        if (text.contains("${")) {
            return text;
        }
        try {
            Optional<RecordShape> shape = shape();
            if (shape.isEmpty()) {
                return type instanceof Class<?> simple ? canonical(simple, text) : text;
            }
            Method toScalar = shape.get().toScalar();
            Method fromScalar = shape.get().fromScalar();
            return toScalar != null ? invoked(toScalar, text)
                    : fromScalar != null ? parameter(fromScalar).canonical(text) : text;
        } catch (QuantityFormatException e) {
            return text;
        }
    }

    private static String invoked(Method toScalar, String text) throws QuantityFormatException {
        try {
            return String.valueOf(toScalar.invoke(null, text));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof QuantityFormatException problem) {
                throw problem;
            }
            throw new IllegalStateException(toScalar.toString(), e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(toScalar.toString(), e);
        }
    }

    private String canonical(Class<?> simple, String text) throws QuantityFormatException {
        Scalars.ScalarType scalar = Scalars.of(simple);
        return scalar == null ? text : scalar.writer().write(scalar.reader().read(text, bareUnit()), text);
    }

    private BareUnit bareUnit() {
        return unit != null ? unit
                : shape().map(RecordShape::fromScalar)
                        .map(factory -> parameter(factory).bareUnit())
                        .orElse(BareUnit.MIB);
    }

    private Optional<RecordShape> shape() {
        return type instanceof Class<?> record && record.isRecord() && Scalars.of(record) == null
                ? Optional.of(RecordShape.of(record))
                : Optional.empty();
    }

    private Optional<RecordShape.Component> component(String key) {
        return shape().flatMap(shape -> shape.component(key).or(() -> shape.aliased(key)));
    }

    private ValueType parameter(Method factory) {
        ValueType own = of(factory.getGenericParameterTypes()[0], factory.getParameters()[0]);
        return unit == null ? own : new ValueType(own.type(), unit);
    }

    private static ValueType of(Type type, AnnotatedElement site) {
        Bare bare = site.getAnnotation(Bare.class);
        return new ValueType(type, bare == null ? null : bare.value());
    }
}

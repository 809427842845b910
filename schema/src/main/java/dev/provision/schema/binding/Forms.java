package dev.provision.schema.binding;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

/** What people call the values of a type: {@code a size such as 512MiB}. */
public final class Forms {

    private Forms() {}

    /** All forms of the type of a key in words. */
    public static String of(Type type) {
        return switch (type) {
            case ParameterizedType generic when generic.getRawType() == List.class -> "a list";
            case ParameterizedType generic when generic.getRawType() == Map.class -> "a mapping";
            case Class<?> simple -> of(simple);
            default -> throw new IllegalStateException("no manifest type: " + type);
        };
    }

    private static String of(Class<?> type) {
        Scalars.ScalarType scalar = Scalars.of(type);
        return scalar == null ? RecordShape.of(type).forms() : scalar.noun();
    }

    /** A value of the type is a single one, although the type may be a record. */
    public static boolean isScalar(Class<?> type) {
        return Scalars.of(type) != null;
    }
}

package dev.provision.schema.binding;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents a key of the manifest: a record component. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {

    /** What the key says, for the JSON Schema and the reference: clauses without a full stop, in plain text. */
    String value();

    /** The key's name where Java cannot call a component that; else it is the component's. */
    String name() default "";

    /** Other names that are taken for it. */
    Alias[] aliases() default {};

    /** The mapping is wrong without it. */
    boolean required() default false;

    /** What stands here may be completed by another layer: keys it requires may be missing, null removes a key. */
    boolean partial() default false;

    /** What stands here is taken as it is written: no reference to a variable is replaced in it. */
    boolean literal() default false;

    /** The value that holds where nobody says one, as YAML; empty: there is none, or {@link #otherwise} tells. */
    String standard() default "";

    /** What holds where nobody says anything and it is no fixed value: {@code the limit}. */
    String otherwise() default "";

    /** Values that show what can be written, as YAML. */
    String[] examples() default {};

    /**
     * How much a change of it disturbs a machine that runs: {@code live}, {@code restart} or {@code recreate}, and when which;
     * empty: as the key says that it stands under. The planner's tests hold it true.
     */
    String change() default "";

    /** What one of the records is called that stand here, where the same record has other keys in other places. */
    String as() default "";

    /** Keys that the records have which stand here, but not in this place. */
    String[] without() default {};

    /** Another name of a key, which people bring along from elsewhere. It is never shown as the key's own name. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target({})
    @interface Alias {

        /** The other name. */
        String value();

        /** The unit of a value that names none, {@code GiB}; empty: the one the key itself has. */
        String unit() default "";

        /** The name says the unit, so the value is a number alone: {@code memoryMb: 512}. */
        boolean namesUnit() default false;

        /** The key within this key's mapping that is meant, where it is not the key itself. */
        String into() default "";
    }
}

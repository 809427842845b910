package dev.provision.schema.binding;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents a key of the manifest: a record component. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {

    /** What the key says, for the JSON Schema and the reference. */
    String value();

    /** The key's name where Java cannot call a component that; else it is the component's. */
    String name() default "";

    /** Other names that are taken for it. */
    Alias[] aliases() default {};

    /** The mapping is wrong without it. */
    boolean required() default false;

    /** What stands here may be completed by another layer: keys it requires may be missing, null removes a key. */
    boolean partial() default false;

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

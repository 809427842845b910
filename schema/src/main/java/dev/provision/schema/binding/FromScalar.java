package dev.provision.schema.binding;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the static factory of a record that takes its short form, a single value. Constraints on the parameter of a factory
 * that takes a text say, for the JSON Schema, what bounds a bare number has; the record's own are the ones that are checked.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface FromScalar {

    /** The short form's words, for messages: {@code `auto` or a size}. */
    String value();

    /** What the text looks like, where its type does not say it: a regular expression for the whole of it. */
    String pattern() default "";

    /** Fixed values among those that {@link #pattern} describes, which an editor can offer. */
    String[] words() default {};

    /** The key that the short form gives a value to; empty: the long form cannot be told from it. */
    String key() default "";
}

package dev.provision.schema.binding;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks the static factory of a record that takes its list form; the factory's one parameter is a {@code List}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface FromList {

    /** The list form's words, for messages: {@code a list [request, limit]}. */
    String value();

    /** How many items the list has; 0: any number. */
    int items() default 0;

    /** The fewest items that the list has, where their number is not fixed. */
    int atLeast() default 0;

    /** What the first item, a text, looks like where it is special: a regular expression for the whole of it. */
    String first() default "";

    /** The keys that the items give values to, in their order; none: the long form cannot be told from the list. */
    String[] keys() default {};
}

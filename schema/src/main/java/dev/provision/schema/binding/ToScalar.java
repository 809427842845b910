package dev.provision.schema.binding;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the static method of a record that gives the canonical text of its short form, where the short form is a text
 * with a grammar of its own. It takes and returns a {@code String} and throws what the {@link FromScalar} factory throws.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ToScalar {
}

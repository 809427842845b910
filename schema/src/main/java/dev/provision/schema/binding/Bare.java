package dev.provision.schema.binding;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.provision.schema.units.ByteSize.BareUnit;

/** The unit of a size that names none; without this annotation it is MiB. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.PARAMETER})
public @interface Bare {
    BareUnit value();
}

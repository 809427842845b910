package dev.provision.schema.binding;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents a key of the manifest: a record component of the same name. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {

    /** What the key says, for the JSON Schema and the reference. */
    String value();

    /** The mapping is wrong without it. */
    boolean required() default false;

    /** What stands here may be completed by another layer: keys it requires may be missing, null removes a key. */
    boolean partial() default false;
}

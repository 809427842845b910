package dev.provision.schema.manifest;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.ByteSize.BareUnit;
import dev.provision.schema.units.QuantityFormatException;

/** A size within bounds, both included. Absent is valid. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD})
@Constraint(validatedBy = SizeBetween.Validator.class)
public @interface SizeBetween {
    String min();

    String max();

    String message() default "must be from {min} to {max}";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Compares in bytes. */
    final class Validator implements ConstraintValidator<SizeBetween, ByteSize> {

        private ByteSize min = ByteSize.ZERO;
        private ByteSize max = ByteSize.ZERO;

        @Override
        public void initialize(SizeBetween bounds) {
            try {
                min = ByteSize.parse(bounds.min(), BareUnit.MIB);
                max = ByteSize.parse(bounds.max(), BareUnit.MIB);
            } catch (QuantityFormatException e) {
                throw new IllegalArgumentException(bounds.toString(), e);
            }
        }

        @Override
        public boolean isValid(@Nullable ByteSize size, ConstraintValidatorContext context) {
            return size == null || (size.compareTo(min) >= 0 && size.compareTo(max) <= 0);
        }
    }
}

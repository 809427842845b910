package dev.provision.schema.manifest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.Validation;
import jakarta.validation.Validator;

import org.hibernate.validator.HibernateValidator;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.units.Durations;

/** Checks the constraints of bound entries and reports violations at the places of their nodes. */
public final class EntryValidator {

    /** Hibernate Validator greets on standard error; kept here because a logger nobody refers to forgets its level. */
    private static final Logger GREETING = Logger.getLogger("org.hibernate.validator");

    static {
        GREETING.setLevel(Level.WARNING);
    }

    /** How much of a wrong value is repeated: its place is shown too. */
    private static final int LONGEST = 80;

    /**
     * Without an expression language: our messages interpolate parameters only. One for all: it can be used by several
     * threads, and to learn our records' constraints takes longer than to check a small manifest.
     */
    private static final Validator VALIDATOR = Validation.byProvider(HibernateValidator.class)
            .configure()
            .messageInterpolator(new ParameterMessageInterpolator())
            .buildValidatorFactory()
            .getValidator();

    private final Problems problems;

    public EntryValidator(Problems problems) {
        this.problems = problems;
    }

    /** Violations come in no order of their own; {@link Problems} sorts them by place. */
    public <T extends Record> void check(T entry, Mapping node) {
        for (ConstraintViolation<T> violation : VALIDATOR.validate(entry)) {
            problems.add(diagnostic(violation, node));
        }
    }

    /** A short form has fewer keys than the record it fills: the deepest key that was written names the problem. */
    private static Diagnostic diagnostic(ConstraintViolation<?> violation, Mapping node) {
        List<String> path = keys(violation.getPropertyPath());
        List<Entry> written = node.along(path);
        if (written.isEmpty()) {
            return Diagnostic.error(Code.OUT_OF_RANGE, node.span(), violation.getMessage());
        }
        Entry entry = written.getLast();
        // "`x x` cannot be the name of a device": of the value, not of the key that it stands under.
        boolean ofValue = violation.getMessage().startsWith("cannot be");
        boolean isKey = violation.getPropertyPath().toString().endsWith("<map key>");
        return Diagnostic
                .error(Code.OUT_OF_RANGE, isKey ? entry.key().span() : node.spanAt(path),
                        "`" + (ofValue && !isKey ? shown(violation.getInvalidValue()) : entry.key().text()) + "` "
                                + violation.getMessage())
                .why(isKey ? ""
                        : ofValue ? "it is the value of `" + entry.key().text() + "`"
                                : "it is " + shown(violation.getInvalidValue()))
                .fix(isKey ? "rename it" : "change the value");
    }

    private static String shown(Object value) {
        String text = value instanceof Duration duration ? Durations.format(duration)
                : String.valueOf(value).replaceAll("\\p{Cntrl}", "?");
        return text.length() <= LONGEST ? text
                : text.substring(0, LONGEST) + "… (" + text.length() + " characters)";
    }

    private static List<String> keys(Path path) {
        List<String> keys = new ArrayList<>();
        for (Path.Node node : path) {
            if (node.getKind() == ElementKind.CONTAINER_ELEMENT) {
                keys.add(String.valueOf(node.getKey()));
            } else if (node.getKind() == ElementKind.PROPERTY && node.getName() != null) {
                if (node.getKey() != null) {
                    keys.add(String.valueOf(node.getKey()));
                } else if (node.getIndex() != null) {
                    keys.add("[" + node.getIndex() + "]");
                }
                keys.add(node.getName());
            }
        }
        return keys;
    }
}

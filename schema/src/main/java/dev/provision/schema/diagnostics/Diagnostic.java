package dev.provision.schema.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One problem, as data; text, JSON and others are views of it. Texts are for people: what a manifest put into one is cut
 * in its middle beyond {@value #LONGEST} characters.
 *
 * @param span
 *            where; absent when no file is concerned
 * @param what
 *            what is wrong, one clause without a full stop
 * @param why
 *            why that matters or what the rule is; may be empty
 * @param fix
 *            what to do, as an imperative; may be empty
 * @param related
 *            other places that belong to the problem, such as the first of two equal keys
 */
public record Diagnostic(Code code, Severity severity, Optional<Span> span, String what, String why, String fix,
        List<Related> related) {

    /** Another place, and what it has to do with the problem. */
    public record Related(Span span, String role) {}

    /** What looks like a blank and is none to us. */
    private static final Pattern OTHER_BLANK = Pattern.compile("[\\p{Zs}&&[^ ]]");
    private static final int LONGEST = 1_000;
    /** How much of the end stays: there a sentence says what is wrong with a long value. */
    private static final int END = 300;

    public Diagnostic {
        what = bounded(what);
        why = bounded(why);
        fix = bounded(fix);
        related = List.copyOf(related);
    }

    private static String bounded(String text) {
        String visible = OTHER_BLANK.matcher(text)
                .replaceAll(found -> "<U+%04X>".formatted(found.group().codePointAt(0)));
        return visible.length() <= LONGEST ? visible
                : visible.substring(0, LONGEST - END) + " … " + visible.substring(visible.length() - END);
    }

    public static Diagnostic error(Code code, Span span, String what) {
        return new Diagnostic(code, Severity.ERROR, Optional.of(span), what, "", "", List.of());
    }

    public static Diagnostic error(Code code, String what) {
        return new Diagnostic(code, Severity.ERROR, Optional.empty(), what, "", "", List.of());
    }

    public static Diagnostic warning(Code code, Span span, String what) {
        return new Diagnostic(code, Severity.WARNING, Optional.of(span), what, "", "", List.of());
    }

    public static Diagnostic note(Code code, Span span, String what) {
        return new Diagnostic(code, Severity.NOTE, Optional.of(span), what, "", "", List.of());
    }

    /** The same problem at this place. */
    public Diagnostic at(Span place) {
        return new Diagnostic(code, severity, Optional.of(place), what, why, fix, related);
    }

    public Diagnostic why(String text) {
        return new Diagnostic(code, severity, span, what, text, fix, related);
    }

    public Diagnostic fix(String text) {
        return new Diagnostic(code, severity, span, what, why, text, related);
    }

    /** This problem with one more place that belongs to it. */
    public Diagnostic related(Span place, String role) {
        List<Related> all = new ArrayList<>(related);
        all.add(new Related(place, role));
        return new Diagnostic(code, severity, span, what, why, fix, all);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }
}

package dev.provision.schema.diagnostics;

import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.provision.schema.diagnostics.Diagnostic.Related;

/** Collects the problems of one run, each once and without mere consequences. Not for use by several threads. */
public final class Problems {

    /** A profile's mistake can concern a thousand machines; naming some of them is enough. */
    private static final int MOST_RELATED = 5;

    private static final Set<Code> OF_ONE_VALUE = EnumSet.of(Code.DUPLICATE_KEY, Code.UNKNOWN_VARIABLE,
            Code.MALFORMED_REFERENCE, Code.UNKNOWN_KEY, Code.WRONG_TYPE, Code.INVALID_VALUE, Code.MISSING_KEY,
            Code.OUT_OF_RANGE);

    private record Key(Code code, Optional<Span> span, String what) {}

    private static final Comparator<Diagnostic> BY_PLACE = Comparator
            .comparing((Diagnostic problem) -> problem.span().orElse(null),
                    Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Diagnostic::severity);

    private final Map<Key, Diagnostic> found = new LinkedHashMap<>();
    private final TreeSet<Span> errors = new TreeSet<>();
    /** References to variables that stand for nothing: whatever is said of the values around them is only a consequence. */
    private final TreeSet<Span> broken = new TreeSet<>();

    /** Adds a problem; when the same one of the same place is known, only its related places are added to that. */
    public void add(Diagnostic problem) {
        boolean ofReference = problem.code() == Code.UNKNOWN_VARIABLE || problem.code() == Code.MALFORMED_REFERENCE;
        if (!ofReference && problem.span().filter(place -> isWithin(place, broken)).isPresent()) {
            return;
        }
        if (problem.isError() && OF_ONE_VALUE.contains(problem.code())) {
            problem.span().ifPresent(errors::add);
        }
        if (ofReference) {
            problem.span().ifPresent(broken::add);
        }
        found.merge(new Key(problem.code(), problem.span(), problem.what()), problem, Problems::withPlacesOf);
    }

    /** Whether a value or key is known to be wrong by itself, not against others, that begins in this place. */
    public boolean isWrongWithin(Span place) {
        return isWithin(place, errors);
    }

    private static boolean isWithin(Span place, NavigableSet<Span> places) {
        Span next = places.isEmpty() ? null : places.ceiling(new Span(place.source(), place.line(), place.column(), 1));
        return next != null && next.source().equals(place.source()) && next.line() == place.line()
                && next.column() < place.column() + place.length();
    }

    private static Diagnostic withPlacesOf(Diagnostic known, Diagnostic again) {
        Diagnostic all = known;
        for (Related place : again.related()) {
            if (!all.related().contains(place) && all.related().size() < MOST_RELATED) {
                all = all.related(place.span(), place.role());
            }
        }
        return all;
    }

    public void addAll(Collection<Diagnostic> problems) {
        problems.forEach(this::add);
    }

    public boolean hasErrors() {
        return found.values().stream().anyMatch(Diagnostic::isError);
    }

    /** All of them, in the order of their places; those without a place come last. */
    public List<Diagnostic> sorted() {
        return found.values().stream().sorted(BY_PLACE).toList();
    }
}

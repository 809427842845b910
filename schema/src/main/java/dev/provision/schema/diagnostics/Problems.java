package dev.provision.schema.diagnostics;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.provision.schema.diagnostics.Diagnostic.Related;

/** Collects the problems of one run, each once. Not for use by several threads. */
public final class Problems {

    /** A profile's mistake can concern a thousand machines; naming some of them is enough. */
    private static final int MOST_RELATED = 5;

    private record Key(Code code, Optional<Span> span, String what) {}

    private static final Comparator<Diagnostic> BY_PLACE = Comparator
            .comparing((Diagnostic problem) -> problem.span().orElse(null),
                    Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Diagnostic::severity);

    private final Map<Key, Diagnostic> found = new LinkedHashMap<>();

    /** Adds a problem; when the same one of the same place is known, only its related places are added to that. */
    public void add(Diagnostic problem) {
        found.merge(new Key(problem.code(), problem.span(), problem.what()), problem, Problems::withPlacesOf);
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

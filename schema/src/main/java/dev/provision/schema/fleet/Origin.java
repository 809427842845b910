package dev.provision.schema.fleet;

import java.util.List;

import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Sequence;

/** Where the values of a machine were written: in its entry, a profile or the defaults. */
public final class Origin {

    private final Entry machine;
    private final Mapping merged;

    Origin(Entry machine, Mapping merged) {
        this.machine = machine;
        this.merged = merged;
    }

    /** Where the machine's name stands. */
    public Span name() {
        return machine.key().span();
    }

    /**
     * Where the value of a key stands, {@code at("resources", "memory")}, or an item of a list, {@code at("ports", "[0]")};
     * the machine's name when nobody wrote it.
     */
    public Span at(String... path) {
        List<String> steps = List.of(path);
        return merged.along(steps).isEmpty() ? name() : merged.spanAt(steps);
    }

    /** Where item {@code index}, counted from 0, of the list under a key stands. */
    Span item(String key, int index) {
        List<Entry> written = merged.along(List.of(key));
        return !written.isEmpty() && written.getLast().value() instanceof Sequence list && index < list.items().size()
                ? list.items().get(index).span()
                : at(key);
    }

    /** Where a key stands that is certainly written. */
    Span keyAt(String... path) {
        List<Entry> written = merged.along(List.of(path));
        return written.isEmpty() ? name() : written.getLast().key().span();
    }

    /** The problem, naming the machine when it stands elsewhere, such as in a profile. */
    Diagnostic blamed(Diagnostic problem) {
        boolean own = problem.span().filter(place -> place.equals(name()) || machine.value().covers(place)).isPresent();
        return own ? problem : problem.related(name(), "`" + machine.key().text() + "` takes it over");
    }
}

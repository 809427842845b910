package dev.provision.schema.fleet;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import dev.provision.schema.binding.LongForms;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;
import dev.provision.schema.manifest.MachineEntry;

/** Where the values of a machine were written: in its entry, a profile or the defaults. */
public final class Origin {

    private final Entry machine;
    private final Mapping merged;
    private final Predicate<Span> wrong;
    private final Set<Span> own = new HashSet<>();

    /**
     * @param wrong
     *            whether an error is known that begins in a place
     */
    Origin(Entry machine, Mapping merged, Predicate<Span> wrong) {
        this.machine = machine;
        this.merged = merged;
        this.wrong = wrong;
    }

    /**
     * Whether the value of a key can be trusted: nothing is wrong with it, or, where it is absent, with the keys beside it, one
     * of which could be a misspelt one. What is said of values that only stand in for wrong ones would be nonsense.
     */
    boolean isSound(String... path) {
        Node deepest = merged.deepest(List.of(path));
        if (deepest instanceof Mapping mapping && !isWritten(path)) {
            return mapping.entries().values().stream().noneMatch(entry -> wrong.test(entry.key().span()));
        }
        return isSound(deepest, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    boolean isWritten(String... path) {
        return merged.has(List.of(path));
    }

    private boolean isSound(Node node, Set<Node> seen) {
        if (!seen.add(node)) {
            return true;
        }
        return !wrong.test(node.span()) && switch (node) {
            case Scalar leaf -> true;
            case Sequence sequence -> sequence.items().stream().allMatch(item -> isSound(item, seen));
            case Mapping mapping -> mapping.entries()
                    .values()
                    .stream()
                    .allMatch(entry -> !wrong.test(entry.key().span()) && isSound(entry.value(), seen));
        };
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

    /**
     * Whether the machine's entry, a profile or the defaults say something at {@code path}, {@code resources.memory.max}. A short
     * form says what its long form would.
     */
    public boolean writes(String path) {
        List<String> steps = List.of(path.split("\\."));
        List<Entry> written = LongForms.under(MachineEntry.class, asking(steps), merged).along(steps);
        return written.size() == steps.size()
                && !(written.getLast().value() instanceof Scalar last && last.isNull());
    }

    /** A mapping with just this path in it. */
    private Mapping asking(List<String> steps) {
        Node inner = new Scalar("", true, name());
        for (String step : steps.reversed()) {
            LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
            entries.put(step, new Entry(new Scalar(step, true, name()), inner));
            inner = new Mapping(entries, name());
        }
        return (Mapping) inner;
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
        return problem.span().filter(own()::contains).isPresent() ? problem
                : problem.related(name(), "`" + machine.key().text() + "` takes it over");
    }

    /** Every place of the machine's own entry. Looked for once: one machine can have thousands of problems. */
    private Set<Span> own() {
        if (own.isEmpty()) {
            own.add(name());
            addPlaces(machine.value(), Collections.newSetFromMap(new IdentityHashMap<>()));
        }
        return own;
    }

    /** Aliases make subtrees shared; each is looked at once. */
    private void addPlaces(Node node, Set<Node> seen) {
        if (!seen.add(node)) {
            return;
        }
        own.add(node.span());
        switch (node) {
            case Scalar leaf -> {
            }
            case Sequence sequence -> sequence.items().forEach(item -> addPlaces(item, seen));
            case Mapping mapping -> mapping.entries().values().forEach(entry -> {
                own.add(entry.key().span());
                addPlaces(entry.value(), seen);
            });
        }
    }
}

package dev.provision.schema.fleet;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Suggestion;

/** Resolves {@code dependsOn}: the name of an entry stands for all its machines, {@code web-0} for one. */
final class Dependencies {

    private final Map<String, Resolved> entries;
    private final Set<String> declared;
    private final TreeSet<String> names = new TreeSet<>();
    private final Problems problems;

    /**
     * @param declared
     *            the names of all entries, also of those that cannot be read
     */
    Dependencies(Map<String, Resolved> entries, Set<String> declared, Problems problems) {
        this.entries = entries;
        this.declared = declared;
        this.problems = problems;
        names.addAll(entries.keySet());
        entries.values().forEach(entry -> names.addAll(entry.machineNames()));
    }

    SortedMap<String, Condition> of(Resolved entry) {
        SortedMap<String, Condition> conditions = new TreeMap<>();
        Map<String, Condition> written = entry.entry().dependsOn();
        if (written != null) {
            written.forEach((name, condition) -> add(entry, name, condition, conditions));
        }
        return conditions;
    }

    private void add(Resolved entry, String name, Condition condition, SortedMap<String, Condition> conditions) {
        Resolved target = entries.get(name);
        if (target != null) {
            target.machineNames().forEach(machine -> stricter(machine, condition, conditions));
        } else if (names.contains(name)) {
            stricter(name, condition, conditions);
        } else if (!isUncertain(name)) {
            problems.add(Diagnostic
                    .error(Code.UNKNOWN_MACHINE, entry.origin().keyAt("dependsOn", name),
                            "no machine is called `" + name + "`")
                    .fix(Suggestion.text(name, names, "name a machine of this manifest")));
        }
    }

    /** An entry that cannot be read, or a machine of one whose count cannot be. */
    private boolean isUncertain(String name) {
        Resolved several = entries.get(name.replaceFirst("-[0-9]+$", ""));
        return declared.contains(name) || (several != null && !several.origin().isSound("count"));
    }

    /** {@code {web: started, web-0: ready}}: of two conditions on one machine the later stage counts. */
    private static void stricter(String machine, Condition condition, SortedMap<String, Condition> conditions) {
        conditions.merge(machine, condition, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }
}

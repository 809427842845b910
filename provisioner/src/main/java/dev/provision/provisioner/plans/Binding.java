package dev.provision.provisioner.plans;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;

/**
 * What a plan was made from, as texts that are equal exactly when it would be made from the same again.
 *
 * @param manifest
 *            SHA-256 of each file, by its path relative to the folder the plan was made in
 * @param machines
 *            each machine of the fleet as it was, by name
 * @param host
 *            what does not change by itself, such as CPUs; memory and disk space are proved again instead
 */
public record Binding(SortedMap<String, String> manifest, SortedMap<String, String> machines,
        SortedMap<String, String> host) {

    /** Of a plan that is made from nothing that could change. */
    public static final Binding NONE = new Binding(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    private static final String ABSENT = "not there";

    private static final String ANEW = "make the plan anew: provision plan --out FILE";

    public Binding {
        manifest = Collections.unmodifiableSortedMap(new TreeMap<>(manifest));
        machines = Collections.unmodifiableSortedMap(new TreeMap<>(machines));
        host = Collections.unmodifiableSortedMap(new TreeMap<>(host));
    }

    /** What is another one now: one problem each; none while the plan is what it would be now. */
    public List<Diagnostic> staleness(Binding now) {
        List<Diagnostic> problems = new ArrayList<>();
        differences(manifest, now.manifest)
                .forEach(file -> problems.add(now.manifest.containsKey(file)
                        ? stale("`" + file + "` was changed since the plan was made")
                        : stale("`" + file + "` is not there any more, or not from this folder")
                                .fix(ANEW + ", or run it in the folder where it was made")));
        differences(machines, now.machines).forEach(name -> problems.add(stale("machine `" + name + "` was "
                + machines.getOrDefault(name, ABSENT) + " when the plan was made, and is now "
                + now.machines.getOrDefault(name, ABSENT))));
        differences(host, now.host).forEach(what -> problems.add(stale("the host's " + what + " was "
                + host.getOrDefault(what, ABSENT) + " when the plan was made, and is now "
                + now.host.getOrDefault(what, ABSENT))));
        return problems;
    }

    private static Diagnostic stale(String what) {
        return Diagnostic.error(Code.PLAN_STALE, what)
                .why("what was looked at is what must happen, and it was planned for something else")
                .fix(ANEW);
    }

    private static SortedSet<String> differences(SortedMap<String, String> then, SortedMap<String, String> now) {
        SortedSet<String> names = new TreeSet<>(then.keySet());
        names.addAll(now.keySet());
        names.removeIf(name -> then.getOrDefault(name, "").equals(now.getOrDefault(name, "")));
        return names;
    }
}

package dev.provision.schema.fleet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.Binder;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.manifest.MachineEntry;
import dev.provision.schema.manifest.ManifestEntry;

/**
 * Resolves a manifest: lays defaults, profiles and each machine's own keys over each other, multiplies by
 * {@code count}, and checks what concerns several machines.
 */
public final class FleetResolver {

    private static final int MOST_MACHINES = 1_000_000;

    private final Mapping root;
    private final Problems problems;
    private final Layers layers;

    private FleetResolver(Mapping root, Problems problems) {
        this.root = root;
        this.problems = problems;
        this.layers = new Layers(root, problems);
    }

    /**
     * The fleet, as far as it can be told: only meaningful when {@code problems} has no errors afterwards.
     *
     * @param written
     *            the manifest bound from {@code root}
     */
    public static Fleet resolve(ManifestEntry written, Mapping root, Problems problems) {
        return new FleetResolver(root, problems).fleet(written);
    }

    /** Each profile as the machine that takes over nothing else, those left out that are none by themselves. */
    public static SortedMap<String, MachineSpec> profiles(Mapping root) {
        SortedMap<String, MachineSpec> specs = new TreeMap<>();
        root.child("profiles").entries().forEach((name, profile) -> {
            Problems problems = new Problems();
            LinkedHashMap<String, Entry> keys = new LinkedHashMap<>();
            Span span = profile.key().span();
            keys.put("profile", new Entry(new Scalar("profile", true, span), new Scalar(name, false, span)));
            Mapping merged = new Layers(root, problems).merged(new Mapping(keys, span));
            Binder binder = new Binder(problems);
            MachineEntry bound = binder.bind(MachineEntry.class, merged);
            if (bound != null) {
                Origin origin = new Origin(profile, binder.readable(merged), problems::isWrongWithin);
                MachineSpec spec = new SpecBuilder(bound, origin, problems).build(name, new TreeMap<>());
                if (!problems.hasErrors()) {
                    specs.put(name, spec);
                }
            }
        });
        return specs;
    }

    private Fleet fleet(ManifestEntry written) {
        String name = written.fleet() == null ? "" : written.fleet();
        if (written.fleet() != null) {
            checkLabel(name, root.spanAt(List.of("fleet")), "fleet");
        }
        layers.check();
        SortedMap<String, FleetMachine> machines = machines(entries());
        SortedMap<String, FleetNetwork> networks = networks(written);
        new NetworkChecks(problems).checkSubnets(networks, root.child("networks"));
        new NetworkChecks(problems).checkBridges(networks, root.child("networks"));
        new FleetChecks(machines, networks.keySet(), problems).run();
        new AddressChecks(networks, problems).check(machines.values());
        return new Fleet(name, HostPolicies.from(written.host()), networks, machines);
    }

    private SortedMap<String, FleetNetwork> networks(ManifestEntry written) {
        SortedMap<String, FleetNetwork> networks = new TreeMap<>();
        if (written.networks() != null) {
            written.networks().forEach((name, entry) -> {
                checkLabel(name, root.child("networks").spanAt(List.of(name)), "network");
                networks.put(name,
                        new FleetNetwork(Optional.ofNullable(entry.subnet()), Optional.ofNullable(entry.bridge())));
            });
        }
        return networks;
    }

    private Map<String, Resolved> entries() {
        Map<String, Resolved> entries = new LinkedHashMap<>();
        root.child("machines").entries().forEach((name, entry) -> {
            Resolved resolved = resolve(name, entry);
            if (resolved != null) {
                entries.put(name, resolved);
            }
        });
        return entries;
    }

    private @Nullable Resolved resolve(String name, Entry entry) {
        Mapping own = root.child("machines").child(name);
        Mapping merged = layers.merged(own);
        Problems found = new Problems();
        Binder binder = new Binder(found);
        MachineEntry bound = binder.bind(MachineEntry.class, merged);
        Origin origin = new Origin(entry, binder.readable(merged),
                layers.areKnown(own) ? problems::isWrongWithin : place -> true);
        found.sorted().forEach(problem -> problems.add(origin.blamed(problem)));
        if (bound == null) {
            return null;
        }
        Resolved resolved = Resolved.of(name, bound, origin);
        boolean byItself = resolved.machineNames().isEmpty() || !name.matches(ManifestEntry.LABEL);
        checkLabel(byItself ? name : resolved.machineNames().getLast(), entry.key().span(), "machine");
        return resolved;
    }

    private SortedMap<String, FleetMachine> machines(Map<String, Resolved> entries) {
        Dependencies dependencies = new Dependencies(entries, root.child("machines").entries().keySet(), problems);
        SortedMap<String, FleetMachine> machines = new TreeMap<>();
        for (Resolved entry : entries.values()) {
            if (machines.size() + entry.machineNames().size() > MOST_MACHINES) {
                problems.add(Diagnostic.error(Code.OUT_OF_RANGE, entry.origin().name(),
                        "the fleet would have more than " + MOST_MACHINES + " machines").fix("lower its counts"));
                break;
            }
            SpecBuilder builder = new SpecBuilder(entry.entry(), entry.origin(), problems);
            MachineSpec spec = builder.build(entry.name(), dependencies.of(entry));
            entry.machineNames().forEach(name -> add(entry, spec.named(name), machines));
        }
        return machines;
    }

    private void add(Resolved entry, MachineSpec spec, SortedMap<String, FleetMachine> machines) {
        FleetMachine other = machines.putIfAbsent(spec.name(), new FleetMachine(entry.name(), spec, entry.origin()));
        if (other != null) {
            problems.add(Diagnostic
                    .error(Code.DUPLICATE_MACHINE, entry.origin().name(),
                            "two machines would be called `" + spec.name() + "`")
                    .why("`" + other.entry() + "` already gives one this name")
                    .fix("rename one of the entries")
                    .related(other.origin().name(), "the other one is here"));
        }
    }

    private void checkLabel(String name, Span span, String noun) {
        if (!name.matches(ManifestEntry.LABEL)) {
            problems.add(Diagnostic.error(Code.INVALID_VALUE, span, "`" + name + "` cannot be the name of a " + noun)
                    .why("names are RFC 1123 labels, so that they can be host names")
                    .fix("use 1 to 63 lower-case letters, digits and dashes, not beginning or ending with a dash"));
        }
    }
}

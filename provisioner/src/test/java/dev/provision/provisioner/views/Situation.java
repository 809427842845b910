package dev.provision.provisioner.views;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.planner.host.Accelerator;
import dev.provision.planner.observed.Booted;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.LifecyclePlanner;
import dev.provision.planner.plan.Permission;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Planner;
import dev.provision.planner.plan.Scope;
import dev.provision.planner.plan.Selector;
import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

/**
 * A page of {@code plans/}: what is wanted, what was applied before (the same, when the page does not say), what is there,
 * the host, and a command. From these comes a plan.
 *
 * @param blocks
 *            by the words behind the three ticks that begin them
 */
record Situation(Map<String, String> blocks) {

    private static final Pattern BLOCK = Pattern.compile("```([a-z ]+)\n(.*?)```\n", Pattern.DOTALL);

    static Situation read(String page) {
        Map<String, String> blocks = new HashMap<>();
        Matcher matcher = BLOCK.matcher(page);
        while (matcher.find()) {
            blocks.put(matcher.group(1), matcher.group(2));
        }
        return new Situation(blocks);
    }

    String command() {
        return block("command").strip();
    }

    private String block(String name) {
        return blocks.getOrDefault(name, "");
    }

    Plan plan() {
        Fleet fleet = fleet(block("yaml"));
        Fleet applied = blocks.containsKey("yaml before") ? fleet(block("yaml before")) : fleet;
        ObservedFleet observed = observed(applied);
        Planner.Host host = SituationHost.of(block("host").lines().toList());
        List<String> words = List.of(command().split(" "));
        List<String> names = words.subList(1, words.size());
        return switch (words.getFirst()) {
            case "plan" -> converge(fleet, observed, host);
            case "destroy" -> Planner.destroy(observed, Set.of(), names.contains("--storage"), host);
            case String action -> LifecyclePlanner.plan(
                    LifecyclePlanner.Action.valueOf(action.toUpperCase(java.util.Locale.ROOT)),
                    Set.copyOf(names), observed, host);
        };
    }

    private Plan converge(Fleet fleet, ObservedFleet observed, Planner.Host host) {
        List<Selector> targets = new ArrayList<>();
        List<Selector> replaced = new ArrayList<>();
        Optional<Permission> allowed = Optional.empty();
        List<String> words = List.of(command().split(" "));
        for (int i = 1; i < words.size(); i++) {
            switch (words.get(i)) {
                case "--target" -> targets.add(new Selector(words.get(++i)));
                case "--replace" -> replaced.add(new Selector(words.get(++i)));
                case "--allow" -> allowed = Optional.of(permission(words.get(++i)));
                case "--no-prune", "--refresh-only" -> {
                }
                case String other -> throw new IllegalArgumentException(other);
            }
        }
        Scope scope = new Scope(targets, replaced, !words.contains("--no-prune"));
        Plan plan = words.contains("--refresh-only") ? Planner.refresh(fleet, observed, host, scope)
                : Planner.converge(fleet, observed, host, scope);
        return allowed.map(permission -> permission.check(plan)).orElse(plan);
    }

    private static Permission permission(String words) {
        List<String> named = List.of(words.split(","));
        Permission permission = new Permission(Set.of());
        for (var disruption : Permission.ALL.allowed()) {
            permission = named.contains(disruption.word()) ? permission.with(disruption) : permission;
        }
        return permission;
    }

    private static Fleet fleet(String text) {
        Problems problems = new Problems();
        return ManifestReader.read(new SourceText("machines.yaml", text), problems)
                .orElseThrow(() -> new IllegalArgumentException(problems.sorted().toString()));
    }

    private ObservedFleet observed(Fleet applied) {
        SortedMap<String, ObservedMachine> machines = new TreeMap<>();
        SortedMap<String, SortedMap<DiskKey, ByteSize>> disks = new TreeMap<>();
        for (String line : block("there").lines().toList()) {
            String name = line.substring(0, line.indexOf(':'));
            List<String> words = List.of(line.substring(name.length() + 1).strip().split(" "));
            for (String each : name.equals("all") ? applied.machines().keySet() : Set.of(name)) {
                Optional<MachineSpec> spec = Optional.ofNullable(applied.machines().get(each))
                        .map(machine -> machine.spec());
                disks.put(each, disks(spec, words));
                if (words.getFirst().equals("gone")) {
                    machines.remove(each);
                } else {
                    machines.put(each, machine(each, spec, words));
                }
            }
        }
        return new ObservedFleet(applied.name(), machines, disks);
    }

    private static SortedMap<DiskKey, ByteSize> disks(Optional<MachineSpec> spec, List<String> words) {
        SortedMap<DiskKey, ByteSize> disks = spec.map(there -> there.resources().persistentDisks())
                .orElse(new TreeMap<>());
        said(words, "storage").ifPresent(size -> {
            if (size.equals("none")) {
                disks.remove(DiskKey.STORAGE);
            } else {
                disks.put(DiskKey.STORAGE, SituationHost.size(size));
            }
        });
        return disks;
    }

    private static ObservedMachine machine(String name, Optional<MachineSpec> spec, List<String> words) {
        MachineState state = state(words, spec);
        boolean recorded = !(state instanceof MachineState.Broken) && !(state instanceof MachineState.Orphan);
        boolean booted = recorded && !(state instanceof MachineState.Created);
        return new ObservedMachine(name, state, recorded ? spec : Optional.empty(),
                booted ? spec.map(there -> booted(there, words)) : Optional.empty());
    }

    private static Booted booted(MachineSpec spec, List<String> words) {
        return new Booted(said(words, "accelerator").map(SituationHost::accelerator).orElse(Accelerator.KVM), "microvm",
                said(words, "vcpus.max").map(Integer::valueOf).orElse(spec.resources().cpus().max().vcpus()),
                said(words, "memory.max").map(SituationHost::size).orElse(spec.resources().memory().max()),
                said(words, "image").orElse("sha256:1"));
    }

    private static MachineState state(List<String> words, Optional<MachineSpec> spec) {
        return switch (words.getFirst()) {
            case "ready" -> {
                var resources = Objects.requireNonNull(spec.orElse(null)).resources();
                yield new MachineState.Running(4711, true,
                        Optional.of(said(words, "memory").map(SituationHost::size).orElse(resources.memory().limit())),
                        Optional.of(said(words, "vcpus").map(Integer::valueOf)
                                .orElse(resources.cpus().limit().vcpus())));
            }
            case "booting" -> new MachineState.Running(4711, false, Optional.empty(), Optional.empty());
            case "paused" -> new MachineState.Paused(4711, "the host has no room for what it writes to its disks");
            case "unresponsive" -> new MachineState.Unresponsive(4711, "no answer within 2 s");
            case "completed" -> new MachineState.Completed(0);
            case "failed" -> new MachineState.Completed(3);
            case "stopped" -> new MachineState.Stopped();
            case "dead" -> new MachineState.Dead("killed by signal 9");
            case "created" -> new MachineState.Created();
            case "broken" -> new MachineState.Broken("unexpected end of file");
            case "orphan" -> new MachineState.Orphan(4711);
            case String other -> throw new IllegalArgumentException(other);
        };
    }

    /** The value of {@code key=value}. */
    private static Optional<String> said(List<String> words, String key) {
        return words.stream()
                .map(word -> Arrays.asList(word.split("=", 2)))
                .filter(word -> word.getFirst().equals(key) && word.size() == 2)
                .map(List::getLast)
                .findFirst();
    }
}

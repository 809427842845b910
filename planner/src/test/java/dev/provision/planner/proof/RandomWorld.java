package dev.provision.planner.proof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.provision.planner.Specs;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.Bootable;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.host.HugePagePools;
import dev.provision.planner.host.HugePagePools.Pool;
import dev.provision.planner.host.Need;
import dev.provision.planner.host.VmmOverhead;
import dev.provision.planner.observed.Booted;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.Addressing;
import dev.provision.planner.plan.Planner;
import dev.provision.planner.plan.Scope;
import dev.provision.planner.plan.Selector;
import dev.provision.planner.schedule.Estimates;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.RestartPolicy;
import dev.provision.schema.units.ByteSize;

/**
 * All that a plan is made from, at random.
 *
 * @param free
 *            memory that would be available without this fleet's VMMs
 */
record RandomWorld(Fleet fleet, ObservedFleet observed, Scope scope, int cpus, int slots, ByteSize total,
        ByteSize free, Estimates estimates) {

    private static final ByteSize HUGE_PAGE = ByteSize.ofMib(2);

    /** What microVMs can, and on q35 hot-plug. */
    private static final DriverDeclaration DRIVER = new DriverDeclaration(
            List.of(new Bootable(Specs.capabilities("microvm", Accelerator.KVM), Set.of()),
                    new Bootable(plugging(Accelerator.KVM), Set.of(Need.PLUG_VCPUS, Need.PLUG_MEMORY, Need.PCI))),
            List.of(Specs.capabilities("microvm", Accelerator.TCG), plugging(Accelerator.TCG)));

    private static DriverCapabilities plugging(Accelerator accelerator) {
        DriverCapabilities there = Specs.capabilities("q35", accelerator);
        Set<LiveChange> live = new HashSet<>(there.live());
        live.addAll(Set.of(LiveChange.ADD_VCPUS, LiveChange.ADD_MEMORY));
        return new DriverCapabilities("q35", accelerator, live, there.enforced(), there.obstacle(), there.attached(),
                there.mostDisks());
    }

    static RandomWorld of(long seed) {
        Random random = new Random(seed);
        RandomManifests manifests = new RandomManifests(random, seed);
        var wanted = manifests.entries();
        Fleet applied = manifests.fleet(manifests.mutated(wanted), "");
        Fleet fleet = manifests.fleet(wanted, pool(random));
        ByteSize total = ByteSize.ofMib(2048L + random.nextInt(14 * 1024));
        ByteSize free = ByteSize.ofMib(total.mib() - random.nextInt((int) total.mib() / 4));
        return new RandomWorld(fleet, observed(random, Addressing.of(applied, Specs.observed())), scope(random),
                2 + random.nextInt(30),
                1 + random.nextInt(6), total, free, estimates(random, fleet, applied));
    }

    private static String pool(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> "";
            case 1 -> "host: {overcommit: {cpus: %d, memory: 1.5}, reserve: {memory: 256MiB}}\n"
                    .formatted(1 + random.nextInt(4));
            default -> "host: {pool: {cpus: %d, memory: %dMiB}}\n".formatted(3 + random.nextInt(16),
                    1024 + random.nextInt(6 * 1024));
        };
    }

    private static Scope scope(Random random) {
        List<Selector> targets = switch (random.nextInt(8)) {
            case 0 -> List.of(new Selector("tier=front"));
            case 1 -> List.of(new Selector("a"), new Selector("c"));
            default -> List.of();
        };
        List<Selector> replaced = random.nextInt(6) == 0 ? List.of(new Selector("b")) : List.of();
        return new Scope(targets.isEmpty() || replaced.isEmpty() ? targets : plus(targets, replaced), replaced,
                random.nextInt(5) > 0);
    }

    private static List<Selector> plus(List<Selector> some, List<Selector> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /** What the planner knows of the host when these machines are there. */
    Planner.Host host(ObservedFleet now) {
        long used = 0;
        for (ObservedMachine machine : now.machines().values()) {
            long applied = machine.applied().map(spec -> spec.resources().memory().limit().mib()).orElse(0L);
            boolean inHugePages = machine.applied()
                    .filter(spec -> spec.resources().memory().hugepages().isPresent())
                    .isPresent();
            used += switch (machine.state()) {
                case MachineState.Running running ->
                    (inHugePages ? 0 : running.memory().map(ByteSize::mib).orElse(applied)) + vmm(machine);
                case MachineState.Paused _,MachineState.Unresponsive _ -> (inHugePages ? 0 : applied) + vmm(machine);
                default -> 0;
            };
        }
        HostCapacity capacity = new HostCapacity(cpus, total, ByteSize.ofMib(Math.max(0, free.mib() - used)),
                ByteSize.ofGib(1000), 64, ByteSize.ofGib(512));
        return new Planner.Host(capacity.withHugePages(hugePages(now)), Specs.KVM, Set.of("debian", "alpine"),
                Set.of("builtin"), estimates,
                DRIVER, Map.of("builtin", "digest"));
    }

    /** As many as all machines could have, or half. */
    private HugePagePools hugePages(ObservedFleet now) {
        long pages = total.mib() % 3 == 0 ? total.mib() / 4 : total.mib() / 2;
        return new HugePagePools(Optional.of(HUGE_PAGE),
                List.of(new Pool(HUGE_PAGE, pages, Math.max(0, pages - hugePagesHeld(now)))));
    }

    static long hugePagesHeld(ObservedFleet now) {
        return now.machines()
                .values()
                .stream()
                .filter(machine -> machine.state() instanceof MachineState.Running
                        || machine.state() instanceof MachineState.Paused
                        || machine.state() instanceof MachineState.Unresponsive)
                .flatMap(machine -> machine.applied().stream())
                .map(spec -> spec.resources().memory())
                .filter(memory -> memory.hugepages().isPresent())
                .mapToLong(memory -> memory.max().mib() / 2)
                .sum();
    }

    private static long vmm(ObservedMachine machine) {
        return machine.applied().map(spec -> VmmOverhead.under(Accelerator.KVM).of(spec).mib()).orElse(0L);
    }

    private static Estimates estimates(Random random, Fleet... fleets) {
        Map<String, Duration> boots = new HashMap<>();
        Map<String, Duration> runs = new HashMap<>();
        for (Fleet fleet : fleets) {
            fleet.machines().keySet().forEach(name -> {
                boots.put(name, Duration.ofMillis(500 + random.nextInt(4_000)));
                runs.put(name, Duration.ofMillis(1_000 + random.nextInt(20_000)));
            });
        }
        return new Estimates(boots, Duration.ofSeconds(3), runs, Duration.ofSeconds(30), "invented");
    }

    private static ObservedFleet observed(Random random, Fleet applied) {
        SortedMap<String, ObservedMachine> machines = new TreeMap<>();
        SortedMap<String, SortedMap<DiskKey, ByteSize>> disks = new TreeMap<>();
        for (FleetMachine machine : applied.machines().values()) {
            MachineSpec spec = machine.spec();
            if (random.nextInt(4) > 0) {
                machines.put(spec.name(), machine(random, spec));
                disks.put(spec.name(), disks(random, spec, 20));
            } else if (random.nextBoolean()) {
                disks.put(spec.name(), disks(random, spec, 4));
            }
        }
        return new ObservedFleet("lab", machines, disks);
    }

    /** Lengths of its disks' files: as applied, but for one in so many. */
    private static SortedMap<DiskKey, ByteSize> disks(Random random, MachineSpec spec, int parts) {
        SortedMap<DiskKey, ByteSize> disks = new TreeMap<>();
        spec.resources().persistentDisks().forEach((disk, size) -> {
            switch (random.nextInt(parts)) {
                case 0 -> disks.put(disk, ByteSize.ofMib(size.mib() / 2));
                case 1 -> disks.put(disk, ByteSize.ofMib(size.mib() * (1 + random.nextInt(2))));
                case 2 -> {
                    if (random.nextBoolean()) {
                        disks.put(disk, size);
                    }
                }
                default -> disks.put(disk, size);
            }
        });
        return disks;
    }

    private static ObservedMachine machine(Random random, MachineSpec spec) {
        Booted booted = new Booted(random.nextInt(8) == 0 ? Accelerator.TCG : Accelerator.KVM,
                random.nextInt(10) == 0 ? "pc" : DRIVER.choose(spec).capabilities().machineType(),
                spec.resources().cpus().max().vcpus() + random.nextInt(4) / 3,
                memoryMax(random, spec.resources().memory()), "digest");
        MachineState state = state(random, spec, booted);
        return switch (state) {
            case MachineState.Orphan _,MachineState.Broken _ ->
                new ObservedMachine(spec.name(), state, Optional.empty(), Optional.empty());
            case MachineState.Created _ -> new ObservedMachine(spec.name(), state,
                    random.nextInt(4) > 0 ? Optional.of(spec) : Optional.empty(), Optional.empty());
            default -> new ObservedMachine(spec.name(), state, Optional.of(spec), Optional.of(booted));
        };
    }

    /** Now and then it was more, but never in huge pages. */
    private static ByteSize memoryMax(Random random, MemoryRange memory) {
        long more = 64L * (random.nextInt(4) / 3);
        return memory.hugepages().isPresent() ? memory.max() : memory.max().plus(ByteSize.ofMib(more));
    }

    private static MachineState state(Random random, MachineSpec spec, Booted booted) {
        MachineState asWanted = new MachineState.Running(42, true, Optional.of(spec.resources().memory().limit()),
                Optional.of(spec.resources().cpus().limit().vcpus()));
        List<MachineState> states = new ArrayList<>(List.of(asWanted, asWanted, asWanted, asWanted, asWanted,
                new MachineState.Running(42, true, memory(random, booted),
                        random.nextBoolean() ? Optional.of(1 + random.nextInt(booted.vcpusMax())) : Optional.empty()),
                new MachineState.Running(42, false, memory(random, booted), Optional.empty()),
                new MachineState.Paused(42, "disk full"),
                new MachineState.Unresponsive(42, "timeout"), new MachineState.Stopped(),
                new MachineState.Dead("killed"), new MachineState.Created(), new MachineState.Broken("no JSON"),
                new MachineState.Orphan(42)));
        if (spec.isJob()) {
            states.addAll(List.of(new MachineState.Completed(0), new MachineState.Completed(0),
                    new MachineState.Completed(0), new MachineState.Completed(3), new MachineState.Completed(3),
                    new MachineState.Unresponsive(42, "its command has ended", true)));
        } else if (spec.workload().restart() == RestartPolicy.ON_FAILURE && !spec.workload().command().isEmpty()) {
            states.add(new MachineState.Completed(0));
        }
        return states.get(random.nextInt(states.size()));
    }

    private static Optional<ByteSize> memory(Random random, Booted booted) {
        long most = booted.memoryMax().mib();
        return random.nextInt(3) == 0 ? Optional.empty()
                : Optional.of(ByteSize.ofMib(most / 2 + random.nextLong(most / 2)));
    }
}

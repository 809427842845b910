package dev.provision.planner.capacity;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Severity;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

/** Does the whole fleet fit the host and the policy? Every machine that does not is reported. */
public final class CapacityCheck {

    private final Fleet fleet;
    private final ObservedFleet observed;
    private final HostCapacity host;
    private final ResourcePool pool;
    private final Problems problems;

    private CapacityCheck(Fleet fleet, ObservedFleet observed, HostCapacity host, ResourcePool pool,
            Problems problems) {
        this.fleet = fleet;
        this.observed = observed;
        this.host = host;
        this.pool = pool;
        this.problems = problems;
    }

    public static void run(Fleet fleet, ObservedFleet observed, HostCapacity host, ResourcePool pool,
            Problems problems) {
        CapacityCheck check = new CapacityCheck(fleet, observed, host, pool, problems);
        fleet.machines().values().forEach(check::machine);
        check.services();
        check.jobs();
        check.disks();
    }

    private void machine(FleetMachine machine) {
        MachineSpec spec = machine.spec();
        if (spec.resources().cpus().limit().vcpus() > host.cpus()) {
            exceedsHost(machine, "cpus", "limit", spec.resources().cpus().limit() + " CPUs",
                    "this host has " + host.cpus(), "ask for at most " + host.cpus());
        } else if (spec.resources().cpus().max().vcpus() > host.maxVcpus()) {
            exceedsHost(machine, "cpus", "max", spec.resources().cpus().max() + " CPUs at most",
                    "a machine here can have " + host.maxVcpus() + " vCPUs",
                    "set cpus.max to at most " + host.maxVcpus());
        }
        ByteSize ceiling = host.memoryTotal().compareTo(host.maxMemory()) < 0 ? host.memoryTotal() : host.maxMemory();
        if (spec.resources().memory().max().compareTo(ceiling) > 0) {
            exceedsHost(machine, "memory", "max", spec.resources().memory().max() + " of memory",
                    "this host can give a machine " + ceiling.mib() + " MiB", "ask for less");
        }
        fleet.policy()
                .limitCpus()
                .filter(limit -> spec.resources().cpus().limit().compareTo(limit) > 0)
                .ifPresent(limit -> exceedsPolicy(machine, "cpus", spec.resources().cpus().limit() + " CPUs",
                        limit + " CPUs"));
        fleet.policy()
                .limitMemory()
                .filter(limit -> spec.resources().memory().limit().compareTo(limit) > 0)
                .ifPresent(limit -> exceedsPolicy(machine, "memory", spec.resources().memory().limit() + " of memory",
                        limit.toString()));
    }

    private void exceedsHost(FleetMachine machine, String resource, String bound, String asked, String has,
            String fix) {
        problems.add(Diagnostic.error(Code.MACHINE_EXCEEDS_HOST, machine.origin().at("resources", resource, bound),
                "`" + machine.entry() + "` asks for " + asked + ", but " + has).fix(fix));
    }

    private void exceedsPolicy(FleetMachine machine, String resource, String asked, String limit) {
        problems.add(Diagnostic.error(Code.MACHINE_EXCEEDS_POLICY, machine.origin().at("resources", resource, "limit"),
                "`" + machine.entry() + "` asks for " + asked + ", but `host.limits` allows " + limit)
                .fix("lower the machine's limit or raise `host.limits." + resource + "`"));
    }

    /** Services hold their share for good, so all of them must fit at once. */
    private void services() {
        List<FleetMachine> services = fleet.machines()
                .values()
                .stream()
                .filter(machine -> !machine.spec().isJob())
                .toList();
        Share needed = sum(services);
        if (!needed.fitsInto(pool.size())) {
            Share missing = needed.minus(pool.size());
            problems.add(Diagnostic.error(Code.FLEET_EXCEEDS_POOL,
                    "the fleet's services need " + needed + "; the resource pool holds " + pool)
                    .why("short by " + missing + "; largest: " + largest(services))
                    .fix("lower requests or counts, enlarge the pool (`host.pool`, --mem, --cpus), or raise `host.overcommit`"));
        }
    }

    /** Jobs queue for what the services leave; one that is larger than that would queue for ever. */
    private void jobs() {
        List<FleetMachine> services = fleet.machines()
                .values()
                .stream()
                .filter(machine -> !machine.spec().isJob())
                .toList();
        Share room = pool.size().minus(sum(services));
        if (!sum(services).fitsInto(pool.size())) {
            return;
        }
        fleet.machines()
                .values()
                .stream()
                .filter(machine -> machine.spec().isJob() && !Share.of(machine.spec()).fitsInto(room))
                .forEach(job -> problems.add(Diagnostic.error(Code.FLEET_EXCEEDS_POOL, job.origin().at("resources"),
                        "job `" + job.entry() + "` needs " + Share.of(job.spec()) + ", but the services leave " + room)
                        .why("it would wait for ever")
                        .fix("lower its request, or enlarge the pool")));
    }

    private static Share sum(List<FleetMachine> machines) {
        return machines.stream().map(machine -> Share.of(machine.spec())).reduce(Share.NOTHING, Share::plus);
    }

    private static String largest(List<FleetMachine> machines) {
        return machines.stream()
                .sorted(Comparator.comparing((FleetMachine machine) -> machine.spec().resources().memory().request())
                        .reversed())
                .limit(3)
                .map(machine -> machine.spec().name() + " (" + Share.of(machine.spec()) + ")")
                .collect(Collectors.joining(", "));
    }

    /** Disks are thin; this is what they can grow to, beyond what the ones that are there already can. */
    private void disks() {
        ByteSize growth = ByteSize.ZERO;
        for (FleetMachine machine : fleet.machines().values()) {
            growth = growth.plus(newOverlay(machine.spec())).plus(newStorage(machine.spec()));
        }
        if (growth.compareTo(host.diskAvailable()) > 0) {
            problems.add(new Diagnostic(Code.DISK_EXCEEDS_HOST, Severity.WARNING, Optional.empty(),
                    "disks that are new or larger can take " + growth.mib() + " MiB more, but "
                            + host.diskAvailable().mib() + " MiB are free",
                    "disks are thin: they take space as they are written", "make them smaller, or free some space",
                    List.of()));
        }
    }

    private ByteSize newOverlay(MachineSpec spec) {
        Optional<ByteSize> before = Optional.ofNullable(observed.machines().get(spec.name()))
                .flatMap(ObservedMachine::applied)
                .flatMap(applied -> applied.resources().overlay());
        return spec.resources().overlay().orElse(ByteSize.ZERO).minusOrZero(before.orElse(ByteSize.ZERO));
    }

    private ByteSize newStorage(MachineSpec spec) {
        Map<DiskKey, ByteSize> kept = observed.keptOf(spec.name());
        return spec.resources()
                .persistentDisks()
                .entrySet()
                .stream()
                .map(disk -> disk.getValue().minusOrZero(kept.getOrDefault(disk.getKey(), ByteSize.ZERO)))
                .reduce(ByteSize.ZERO, ByteSize::plus);
    }
}

package dev.provision.planner.capacity;

import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.host.ListeningPort;
import dev.provision.planner.host.VmmOverhead;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.HostPolicy;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.units.ByteSize;

/** How many more machines fit beside those that will run. Pure: same arguments, same answer. */
public final class Headroom {

    /** What a number of machines ends at, the first to be named where several end at the same. */
    public enum Bound {
        /** One machine by itself is too large, or asks for what cannot be given. */
        MACHINE("the machine itself"),
        /** A host port can be listened on once. */
        PORTS("host ports"),
        /** Devices of the host that nobody has. */
        DEVICES("devices of the host"),
        /** CPUs of the resource pool. */
        CPUS("CPUs of the pool"),
        /** Memory of the resource pool. */
        MEMORY("memory of the pool"),
        /** Memory of the host, where a fixed pool promises more than that. */
        HOST_MEMORY("memory of the host"),
        /** Huge pages that the host has set aside. */
        HUGE_PAGES("huge pages of the host"),
        /** Free disk space, when all disks are full. */
        DISK("disk space");

        private final String words;

        Bound(String words) {
            this.words = words;
        }

        /** For people. */
        public String words() {
            return words;
        }
    }

    /**
     * The answer for one kind of machine.
     *
     * @param name
     *            of the profile, or a word for the size
     * @param share
     *            what one takes of the pool, the VMM included where the pool counts it
     * @param overhead
     *            what its VMM takes beside the guest, by the model
     * @param more
     *            how many more fit at once; of batch jobs any number queues as long as it is not 0
     * @param bound
     *            why not one more
     * @param limits
     *            how many fit by each bound that there is
     * @param why
     *            what is wrong with a machine that does not fit by itself; else empty
     */
    public record Fit(String name, MachineSpec spec, Share share, ByteSize overhead, long more, Bound bound,
            Map<Bound, Long> limits, String why) {
        public Fit {
            limits = Map.copyOf(limits);
        }
    }

    private final Collection<Claim> claims;
    private final HostPolicy policy;
    private final HostCapacity host;
    private final ResourcePool pool;
    private final DriverDeclaration driver;
    private final VmmOverhead overhead;
    private final DeviceRoom devices;
    private final Share left;
    private final Share leftToJobs;
    private final ByteSize hostMemoryLeft;
    private final ByteSize diskLeft;
    private final HugePageDemand hugePages;

    /**
     * @param claims
     *            the machines that will run
     * @param observed
     *            what is there now
     */
    public Headroom(Collection<Claim> claims, HostPolicy policy, ObservedFleet observed, HostCapacity host,
            DriverDeclaration driver, ResourcePool pool) {
        this.claims = List.copyOf(claims);
        this.policy = policy;
        this.host = host;
        this.pool = pool;
        this.driver = driver;
        this.overhead = VmmOverhead.under(driver.present().accelerator());
        this.devices = new DeviceRoom(claims, observed, host.devices(), driver);
        PoolDemand demand = PoolDemand.of(claims, pool);
        this.left = pool.size().minus(demand.needed());
        this.leftToJobs = pool.size().minus(demand.ofServices());
        ByteSize taken = ByteSize.ZERO;
        ByteSize growth = host.diskPromised();
        for (Claim claim : claims) {
            taken = claim.spec().isJob() ? taken : taken.plus(physical(claim.spec()));
            growth = growth.plus(DiskCheck.growth(claim.spec(), observed));
        }
        this.hostMemoryLeft = ResourcePool.reachable(host, observed, overhead).minusOrZero(taken);
        this.hugePages = new HugePageDemand(claims, Set.of(), observed, host.hugePages());
        this.diskLeft = host.diskAvailable().minusOrZero(growth);
    }

    /** What services can still take of the pool, room for the largest job kept. */
    public Share left() {
        return left;
    }

    /** How many more of this kind fit. */
    public Fit fit(String name, MachineSpec spec) {
        Share share = pool.shareOf(spec);
        Optional<String> unfit = unfit(spec);
        Map<Bound, Long> limits = unfit.isPresent() ? Map.of(Bound.MACHINE, 0L) : limits(spec, share);
        Map.Entry<Bound, Long> least = limits.entrySet()
                .stream()
                .min(Map.Entry.<Bound, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .orElseThrow();
        return new Fit(name, spec, share, overhead.of(spec), least.getValue(), least.getKey(), limits,
                unfit.orElse(""));
    }

    private Map<Bound, Long> limits(MachineSpec spec, Share share) {
        Share room = spec.isJob() ? leftToJobs : left;
        Map<Bound, Long> limits = new EnumMap<>(Bound.class);
        limits.put(Bound.CPUS, (long) room.cpus().millis() / share.cpus().millis());
        limits.put(Bound.MEMORY, room.memory().bytes() / share.memory().bytes());
        if (policy.pool() instanceof HostPolicy.Pool.Fixed) {
            limits.put(Bound.HOST_MEMORY, hostMemoryLeft.bytes() / physical(spec).bytes());
        }
        if (!spec.network().ports().isEmpty()) {
            limits.put(Bound.PORTS, spec.network().ports().stream().allMatch(this::isFree) ? 1L : 0L);
        }
        hugePages.poolOf(spec)
                .ifPresent(pages -> limits.put(Bound.HUGE_PAGES, Math.max(0, -hugePages.missing(pages))
                        / pages.pages(spec.resources().memory().max())));
        ByteSize disks = spec.resources()
                .persistentDisks()
                .values()
                .stream()
                .reduce(spec.resources().overlay().orElse(ByteSize.ZERO), ByteSize::plus);
        if (spec.resources().takesDevices()) {
            limits.put(Bound.DEVICES, devices.more(spec));
        }
        if (!disks.isZero()) {
            limits.put(Bound.DISK, diskLeft.bytes() / disks.bytes());
        }
        return limits;
    }

    private boolean isFree(PortForward port) {
        return host.listening().stream().noneMatch(held -> held.isInTheWayOf(port))
                && claims.stream()
                        .flatMap(claim -> claim.spec().network().ports().stream())
                        .noneMatch(other -> ListeningPort.overlap(port, other));
    }

    /** All of what devices may write to is pinned, so the machine has it from its start. */
    private ByteSize physical(MachineSpec spec) {
        return ResourcePool.ofBasePages(spec).plus(overhead.of(spec));
    }

    private Optional<String> unfit(MachineSpec spec) {
        Problems problems = new Problems();
        new MachineLimits(policy, host, problems).check(new Claim(spec, Optional.empty()));
        return EngineSupport.missing(spec, driver.choose(spec).capabilities())
                .values()
                .stream()
                .map(what -> "it asks for " + what + ", which cannot be given yet")
                .findFirst()
                .or(() -> problems.sorted().stream().map(Diagnostic::what).findFirst());
    }
}

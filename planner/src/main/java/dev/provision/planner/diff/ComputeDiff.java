package dev.provision.planner.diff;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Limit;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.planner.host.Need;
import dev.provision.planner.observed.Booted;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

/** CPUs and memory: what can be changed of them is decided when the machine boots. */
final class ComputeDiff {

    private static final String BOOKKEEPING = "only the pool's bookkeeping changes";
    private static final String UNBOUND = "recorded; it cannot bind here";
    private static final String NEXT_BOOT = "takes effect at the next boot";
    private static final String PLUGGED = "no more is plugged in than it was booted for";
    private static final Effect HARDWARE = Effect.restart("a machine's hardware is chosen when it boots");

    private final MachineSpec before;
    private final MachineSpec after;
    private final BootedVmm vmm;
    private final DriverCapabilities driver;
    private final Found found;
    private final Changes changes;

    ComputeDiff(MachineSpec before, MachineSpec after, BootedVmm vmm, Found found, Changes changes) {
        this.before = before;
        this.after = after;
        this.vmm = vmm;
        this.driver = vmm.capabilities();
        this.found = found;
        this.changes = changes;
    }

    void run() {
        cpus();
        memory();
        placement();
    }

    private void cpus() {
        if (!bothSame(spec -> spec.resources().cpus().request(), spec -> spec.resources().cpus().limit())) {
            changes.compare("cpus.request", spec -> spec.resources().cpus().request(), Effect.live(BOOKKEEPING));
        }
        var from = before.resources().cpus().limit();
        var to = after.resources().cpus().limit();
        int ceiling = vmm.booted().map(Booted::vcpusMax).orElse(to.vcpus());
        Optional<String> online = found.vcpus().filter(count -> count != from.vcpus()).map(Object::toString);
        Optional<String> quota = found.otherLimit(Limit.CPU_LIMIT);
        boolean putsRight = online.isPresent() && (from.equals(to)
                || (from.vcpus() == to.vcpus() && driver.can(LiveChange.SWITCH_VCPUS)));
        changes.add("cpus.limit", from.toString(), online.or(() -> quota), to.toString(),
                putsRight ? putRight(LiveChange.SWITCH_VCPUS) : cpuLimit(from.vcpus(), to.vcpus(), ceiling));
        if (!bothSame(spec -> spec.resources().cpus().max(), spec -> spec.resources().cpus().limit())) {
            changes.compare("cpus.max", spec -> spec.resources().cpus().max(),
                    after.resources().cpus().max().vcpus() > ceiling
                            ? raised("cpus.max", Integer.toString(ceiling),
                                    to.vcpus() <= ceiling && driver.can(LiveChange.SWITCH_VCPUS))
                            : Effect.live(NEXT_BOOT));
        }
        changes.compare("cpus.hotplug", spec -> spec.resources().cpus().hotplug(),
                hotplug(Need.PLUG_VCPUS, spec -> spec.resources().cpus().hotplug()));
    }

    private Effect cpuLimit(int from, int to, int ceiling) {
        if (to > ceiling) {
            return beyond(driver.can(LiveChange.ADD_VCPUS) ? PLUGGED : driver.machineType() + " has no vCPU hot-plug",
                    "cpus.max", Integer.toString(ceiling), Integer.toString(to),
                    after.resources().cpus().max().vcpus() > to, LiveChange.SWITCH_VCPUS);
        }
        if (from == to) {
            return driver.enforces(Limit.CPU_LIMIT) ? Effect.LIVE : Effect.live(UNBOUND);
        }
        return driver.can(LiveChange.SWITCH_VCPUS) ? Effect.LIVE
                : Effect.restart(driver.runtime() + " brings no vCPUs on or off line");
    }

    private void memory() {
        if (!bothSame(spec -> spec.resources().memory().request(), spec -> spec.resources().memory().limit())) {
            changes.compare("memory.request", spec -> spec.resources().memory().request(), Effect.live(BOOKKEEPING));
        }
        ByteSize from = before.resources().memory().limit();
        ByteSize to = after.resources().memory().limit();
        ByteSize ceiling = vmm.booted().map(Booted::memoryMax).orElse(to);
        changes.add("memory.limit", from.toString(),
                found.memoryOtherThan(before.resources().memory()).map(there -> toNearest(there, to)),
                to.toString(), from.equals(to) ? putRight(LiveChange.BALLOON) : memoryLimit(to, ceiling));
        if (!bothSame(spec -> spec.resources().memory().max(), spec -> spec.resources().memory().limit())) {
            changes.compare("memory.max", spec -> spec.resources().memory().max(),
                    after.resources().memory().max().compareTo(ceiling) > 0
                            ? raised("memory.max", ceiling.toString(),
                                    to.compareTo(ceiling) <= 0 && driver.can(LiveChange.BALLOON))
                            : Effect.live(NEXT_BOOT));
        }
        changes.compareOptional("memory.hotplug", spec -> spec.resources().memory().hotplug(),
                hotplug(Need.PLUG_MEMORY, spec -> spec.resources().memory().plugs()));
        changes.compareOptional("memory.hugepages", spec -> spec.resources().memory().hugepages(), HARDWARE);
        changes.compare("memory.deflateOnOom", spec -> spec.resources().memory().deflateOnOom(), HARDWARE);
    }

    /** What it was booted for counts: live changes since may have moved its spec to where it would be booted otherwise. */
    private Effect hotplug(Need need, Predicate<MachineSpec> plugs) {
        boolean has = vmm.booted().map(booted -> booted.meets(need, plugs.test(before))).orElse(plugs.test(before));
        return has == plugs.test(after) ? Effect.live("says what is so already") : HARDWARE;
    }

    /** What is there within a MiB of what is wanted is shown as just that; else in whole MiB. */
    private static String toNearest(ByteSize there, ByteSize wanted) {
        return Math.abs(there.mib() - wanted.mib()) <= 1 ? wanted.toString() : ByteSize.ofMib(there.mib()).toString();
    }

    private Effect memoryLimit(ByteSize to, ByteSize ceiling) {
        if (Stream.of(before, after).anyMatch(spec -> spec.resources().memory().hugepages().isPresent())) {
            return Effect.restart("memory in huge pages is fixed when the machine boots");
        }
        if (to.compareTo(ceiling) > 0) {
            return beyond(noMoreMemory(), "memory.max", ceiling.toString(), to.toString(),
                    after.resources().memory().max().compareTo(to) > 0, LiveChange.BALLOON);
        }
        return driver.can(LiveChange.BALLOON) ? Effect.LIVE
                : Effect.restart(driver.runtime() + " has no balloon: memory is fixed when the machine boots");
    }

    private String noMoreMemory() {
        if (driver.can(LiveChange.ADD_MEMORY)) {
            return PLUGGED;
        }
        return driver.can(LiveChange.BALLOON) ? "the balloon cannot exceed boot memory"
                : driver.runtime() + " adds no memory";
    }

    /**
     * A higher ceiling helps only where the driver moves within it. One that nobody wrote is the limit, so it must be above
     * that: at the limit itself the next raise would be a restart again.
     *
     * @param above
     *            the ceiling is to be above the limit already, so there is nothing to advise
     */
    private Effect beyond(String why, String max, String ceiling, String limit, boolean above, LiveChange within) {
        Effect restart = Effect.restart(why + ": booted with " + max + " " + ceiling);
        return driver.can(within) && !above
                ? restart.milderBy("set " + max + " above " + limit + " to make the next one live")
                : restart;
    }

    /**
     * A higher ceiling than the booted one takes a restart. A lower one does not: it changes nothing that the guest could
     * see, and one that merely follows its limit would otherwise make every live change a restart.
     */
    private Effect raised(String max, String ceiling, boolean limitFits) {
        Effect restart = Effect.restart("fixed when the machine boots: booted with " + max + " " + ceiling);
        return limitFits ? restart.milderBy("leave " + max + " at " + ceiling + " until the limit needs more")
                : restart;
    }

    /** Drift costs no more than the driver's own way to put it right while the machine runs. */
    private Effect putRight(LiveChange way) {
        return driver.can(way) ? Effect.LIVE : Effect.keep("put right at the next boot");
    }

    /** What the driver cannot enforce yet is recorded, so that nothing more than the driver must change to do so. */
    private void placement() {
        limit("cpuset", spec -> spec.resources().placement().cpuset(), Limit.CPUSET);
        limit("shares", spec -> Optional.of(spec.resources().placement().shares()), Limit.SHARES);
        limit("memory.hard", spec -> spec.resources().memory().hard(), Limit.MEMORY_HARD);
        limit("swap", spec -> Optional.of(spec.resources().swap()), Limit.NO_SWAP);
        changes.compareOptional("io.iops", spec -> spec.resources().io().iops(), traffic());
        changes.compareOptional("io.bandwidth", spec -> spec.resources().io().bandwidth().map(ComputeDiff::aSecond),
                traffic());
        if (before.resources().io().equals(after.resources().io())) {
            String io = after.resources().io().toString();
            boolean inVain = found.isUnthrottled() && !after.resources().io().isNone();
            changes.add("io", io, inVain ? Optional.of("none") : found.otherLimit(Limit.IO), io,
                    inVain ? Effect.keep("put right at the next boot") : Effect.LIVE);
        }
    }

    private void limit(String path, Function<MachineSpec, Optional<?>> field, Limit limit) {
        changes.add(path, field.apply(before).map(Object::toString).orElse("none"), found.otherLimit(limit),
                field.apply(after).map(Object::toString).orElse("none"), bound(limit));
    }

    private Effect traffic() {
        return found.isUnthrottled()
                ? Effect.restart("its VMM was started without what limits the traffic of disks while it runs")
                : bound(Limit.IO);
    }

    private static String aSecond(ByteSize size) {
        return size + "/s";
    }

    private Effect bound(Limit limit) {
        return driver.enforces(limit) ? Effect.LIVE : Effect.live(UNBOUND);
    }

    /** A request or a ceiling that nobody wrote follows its limit, and the limit's line says it all. */
    private boolean bothSame(Function<MachineSpec, Object> bound, Function<MachineSpec, Object> limit) {
        return Stream.of(before, after).allMatch(spec -> bound.apply(spec).equals(limit.apply(spec)));
    }
}

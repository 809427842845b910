package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.host.cgroup.ControlGroups;
import dev.provision.hypervisor.host.cgroup.Controller;
import dev.provision.hypervisor.host.cgroup.GroupLimits;
import dev.provision.hypervisor.host.cgroup.GroupPlaces;
import dev.provision.hypervisor.host.cgroup.GroupReadings;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.host.process.ThreadAffinity;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmEnd;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.VmmRecord;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DriverCapabilities.Limit;
import dev.provision.planner.host.VmmOverhead;
import dev.provision.planner.observed.Booted;
import dev.provision.schema.fleet.CpuPlacement;
import dev.provision.schema.fleet.CpuSet;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.Resources;
import dev.provision.schema.units.ByteSize;

/**
 * Holds VMMs to what their machines may take of the host: CPU time, weight and memory by control groups, host CPUs by the
 * affinity of their threads. The guest has no part in it.
 */
final class Confinement {

    /** What a VMM may take beside what it is known to need, before the kernel ends it. */
    private static final ByteSize SLACK = ByteSize.ofMib(32);

    /** Of groups, with pauses of a millisecond more each time: 1.8 s, for a keeper that has written its last and has yet to end. */
    private static final int MOST_REMOVALS = 60;

    private final GroupPlaces places;
    private final Accelerator accelerator;

    Confinement(GroupPlaces places, Accelerator accelerator) {
        this.places = places;
        this.accelerator = accelerator;
    }

    /** What binds on this host. */
    Set<Limit> enforced() {
        Set<Limit> enforced = EnumSet.noneOf(Limit.class);
        if (ThreadAffinity.isPossible()) {
            enforced.add(Limit.CPUSET);
        }
        for (Controller controller : places.controllers()) {
            enforced.addAll(switch (controller) {
                case CPU -> Set.of(Limit.CPU_LIMIT, Limit.SHARES);
                case MEMORY -> Set.of(Limit.MEMORY_HARD, Limit.NO_SWAP);
            });
        }
        return enforced;
    }

    /** Why the others do not. */
    static String obstacle(Set<Limit> enforced) {
        if (enforced.containsAll(EnumSet.allOf(Limit.class))) {
            return "";
        }
        return ThreadAffinity.isPossible()
                ? "this user can make no control group here that the machine could be held to it by (root can, and whom "
                        + "the service manager gives some, as by `systemd-run --user --scope -p Delegate=yes`)"
                : "this operating system has no control groups";
    }

    /**
     * Makes the groups of a VMM that is to be started, with its limits set.
     *
     * @return their directories; none where none can be made
     */
    List<Path> make(Vm vm, MachineSpec spec) throws DriverException {
        try {
            List<Path> groups = new ControlGroups(places).make(name(vm));
            ControlGroups.limit(groups, limits(spec, accelerator));
            return groups;
        } catch (IOException e) {
            if (asksForLimits(spec)) {
                throw failure(vm, e);
            }
            return List.of();
        }
    }

    /** Others run without a group where none can be made after all: nobody has said that they must be held. */
    private static boolean asksForLimits(MachineSpec spec) {
        Resources resources = spec.resources();
        return !resources.cpus().limit().isWhole() || resources.placement().shares() != CpuPlacement.STANDARD_SHARES
                || resources.memory().hard().isPresent() || !resources.swap();
    }

    /** Removes the groups of a VMM that has ended, also those of one whose record is lost. */
    void leave(Vm vm, List<Path> recorded) {
        VmmEnd.of(vm.files()); // its keeper is in them too, and ends when it has written that
        Set<Path> groups = new TreeSet<>(recorded);
        groups.addAll(new ControlGroups(places).of(name(vm)));
        for (int attempt = 0; attempt < MOST_REMOVALS && groups.stream().anyMatch(Files::exists); attempt++) {
            ControlGroups.remove(List.copyOf(groups));
            LockSupport.parkNanos(attempt * 1_000_000L);
        }
    }

    /** Changes the limits of a VMM that runs, by the accelerator that it was booted under. */
    void change(Vm vm, List<Path> groups, Accelerator booted, ProcessIdentity process, MachineSpec spec)
            throws DriverException {
        GroupLimits limits = limits(spec, booted);
        requireBelow(vm, ControlGroups.memory(groups), limits);
        try {
            ControlGroups.limit(groups, limits);
            ThreadAffinity.set(process.pid(), spec.resources().placement().cpuset());
        } catch (IOException e) {
            throw failure(vm, e);
        }
    }

    /** The kernel would end it at once. */
    private static void requireBelow(Vm vm, ByteSize taken, GroupLimits limits) throws DriverException {
        if (limits.memory().filter(most -> taken.compareTo(most) > 0).isPresent()) {
            throw new DriverException(
                    vm.id() + ": its VMM takes " + taken + ", more than the hard limit and its own needs ("
                            + limits.memory().get() + ")",
                    "lower memory.limit first and let the guest give memory back, or restart it");
        }
    }

    /**
     * What a VMM that runs is held to, where that is not what its record says, of the limits that could be enforced now.
     *
     * @return for people; empty of one that was started without groups, by a spec that needs none
     */
    Map<Limit, String> others(MachineRecord record, ProcessIdentity process, Set<Limit> enforced) throws IOException {
        MachineSpec spec = record.spec();
        Accelerator booted = record.vmm().map(VmmRecord::booted).map(Booted::accelerator).orElse(accelerator);
        Map<Limit, String> others = record.groups().isEmpty() && !asksForLimits(spec) ? new EnumMap<>(Limit.class)
                : new GroupReadings(record.groups(), process.pid(), limits(spec, booted)).others();
        Optional<CpuSet> cpus = spec.resources().placement().cpuset();
        if (cpus.isPresent()) {
            ThreadAffinity.otherThan(process.pid(), cpus.get()).ifPresent(there -> others.put(Limit.CPUSET, there));
        }
        others.keySet().retainAll(enforced);
        return others;
    }

    /** A VMM that already runs, moved into groups of its own. */
    List<Path> adopt(Vm vm, ProcessIdentity process, MachineSpec spec) throws DriverException {
        List<Path> groups = make(vm, spec);
        try {
            ControlGroups.join(groups, process.pid());
            return groups;
        } catch (IOException e) {
            throw failure(vm, e);
        }
    }

    /**
     * A hard limit is for what the guest has; what its VMM needs itself comes on top, or that would end every machine. Huge pages
     * are the hugetlb controller's, and this one counts none of them unless it was told to ({@code memory_hugetlb_accounting},
     * admin-guide/cgroup-v2.rst).
     */
    private GroupLimits limits(MachineSpec spec, Accelerator accelerator) {
        CpuPlacement placement = spec.resources().placement();
        return new GroupLimits(spec.resources().cpus().limit(), placement.shares(), spec.resources()
                .memory()
                .hard()
                .map(hard -> hard.minusOrZero(uncounted(spec.resources().memory())))
                .map(hard -> hard.plus(VmmOverhead.under(accelerator).of(spec)).plus(SLACK)), spec.resources().swap());
    }

    private ByteSize uncounted(MemoryRange memory) {
        return memory.hugepages().isEmpty() || countsHugePages() ? ByteSize.ZERO : memory.max();
    }

    private static boolean countsHugePages() {
        try {
            return Files.readString(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1)
                    .contains("memory_hugetlb_accounting");
        } catch (IOException absent) {
            return true; // too high a limit ends no machine
        }
    }

    /** Two stores on one host may have machines of the same name. */
    private static String name(Vm vm) {
        CRC32 store = new CRC32();
        store.update(vm.files().directory().toString().getBytes(StandardCharsets.UTF_8));
        return vm.id().fleet() + "." + vm.id().name() + "-" + Long.toHexString(store.getValue());
    }

    private static DriverException failure(Vm vm, IOException e) {
        return new DriverException(vm.id() + ": its limits cannot be set: " + e.getMessage(),
                "see who manages the control groups of this host, and apply again", e);
    }
}

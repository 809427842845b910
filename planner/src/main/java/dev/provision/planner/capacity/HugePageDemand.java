package dev.provision.planner.capacity;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.provision.planner.host.HugePagePools;
import dev.provision.planner.host.HugePagePools.Pool;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.HugePages;
import dev.provision.schema.fleet.MachineSpec;

/**
 * Huge pages that a plan takes of a host and gives back to it. A machine that starts anew has its own again; those of one that
 * goes are anybody's; what one needs less after its restart is not counted, since that may be the last to restart.
 *
 * @param claims
 *            the machines that will run, jobs among them: all of them at once at worst
 * @param left
 *            names of machines that stay as they are
 */
record HugePageDemand(Collection<Claim> claims, Set<String> left, ObservedFleet observed, HugePagePools pools) {

    HugePageDemand {
        claims = List.copyOf(claims);
        left = Set.copyOf(left);
    }

    /** The machines that take pages when they start. */
    List<Claim> starting() {
        return claims.stream()
                .filter(claim -> !left.contains(claim.name()) && pagesOf(claim.spec()).isPresent())
                .toList();
    }

    /** Those of {@link #starting} that take pages of this pool. */
    List<Claim> starting(Pool pool) {
        return starting().stream().filter(claim -> poolOf(claim.spec()).filter(pool::equals).isPresent()).toList();
    }

    /** How many pages are missing, of those that are free and those that come back; negative: how many stay free. */
    long missing(Pool pool) {
        return starting(pool).stream().mapToLong(claim -> taken(claim, pool)).sum() - pool.free() - returned(pool);
    }

    /** How many pages a claim takes beyond those that its machine has already. */
    long taken(Claim claim, Pool pool) {
        return Math.max(0, count(claim.spec(), pool)
                - Optional.ofNullable(observed.machines().get(claim.name()))
                        .map(there -> held(there, pool))
                        .orElse(0L));
    }

    private long returned(Pool pool) {
        Set<String> stay = claims.stream().map(Claim::name).collect(Collectors.toSet());
        return observed.machines()
                .values()
                .stream()
                .filter(machine -> !stay.contains(machine.name()) && !left.contains(machine.name()))
                .mapToLong(machine -> held(machine, pool))
                .sum();
    }

    private long held(ObservedMachine machine, Pool pool) {
        return switch (machine.state()) {
            case MachineState.Running _,MachineState.Paused _,MachineState.Unresponsive _ ->
                machine.applied().map(spec -> count(spec, pool)).orElse(0L);
            case MachineState.Orphan _,MachineState.Completed _,MachineState.Stopped _,MachineState.Dead _,MachineState.Created _,MachineState.Broken _ ->
                0L;
        };
    }

    private long count(MachineSpec spec, Pool pool) {
        return poolOf(spec).filter(pool::equals).map(own -> own.pages(spec.resources().memory().max())).orElse(0L);
    }

    /** Absent of a machine in base pages, and where the host knows no pages of that size. */
    Optional<Pool> poolOf(MachineSpec spec) {
        return pagesOf(spec).flatMap(pools::of);
    }

    private static Optional<HugePages> pagesOf(MachineSpec spec) {
        return spec.resources().memory().hugepages();
    }
}

package dev.provision.planner.capacity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

import dev.provision.planner.host.HostCapacity;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Severity;

/**
 * Does the resource pool hold what will run? Services hold their share for good, so all of them must fit at once. Jobs
 * queue for what the services leave; one that is larger than that would queue for ever.
 */
final class PoolCheck {

    private static final String GENERAL_FIX = "lower requests or counts, enlarge the pool (`host.pool`, --mem, --cpus),"
            + " or raise `host.overcommit`";

    private final PoolDemand demand;
    private final HostCapacity host;

    private PoolCheck(PoolDemand demand, HostCapacity host) {
        this.demand = demand;
        this.host = host;
    }

    static void run(Collection<Claim> claims, ResourcePool pool, HostCapacity host, Problems problems) {
        PoolDemand demand = PoolDemand.of(claims, pool);
        PoolCheck check = new PoolCheck(demand, host);
        if (!demand.ofServices().fitsInto(pool.size())) {
            problems.add(check.services());
            // Whatever becomes of the services, these need another pool or less.
            demand.jobs()
                    .stream()
                    .filter(job -> !pool.shareOf(job.spec()).fitsInto(pool.size()))
                    .forEach(job -> problems.add(check.jobAlone(job)));
        } else {
            Share room = pool.size().minus(demand.ofServices());
            List<Claim> large = demand.jobs()
                    .stream()
                    .filter(job -> !pool.shareOf(job.spec()).fitsInto(room))
                    .toList();
            String fix = large.isEmpty() ? "" : check.fix();
            large.forEach(job -> problems.add(check.job(job, room, fix)));
        }
    }

    private Diagnostic services() {
        ResourcePool pool = demand.pool();
        List<Diagnostic.Related> places = new ArrayList<>();
        List<String> others = new ArrayList<>();
        SortedMap<String, List<Claim>> entries = demand.servicesByEntry();
        for (List<Claim> entry : entries.values()) {
            entry.getFirst()
                    .written()
                    .ifPresentOrElse(
                            written -> places.add(new Diagnostic.Related(written.origin().name(), told(entry))),
                            () -> others.add(told(entry)));
        }
        String why = "short by " + demand.ofServices().minus(pool.size()).lacking() + ofVmms() + "; largest: "
                + largest(entries.values())
                + (others.isEmpty() ? "" : "; running on beside them: " + String.join(", ", others)) + largestJobs();
        return new Diagnostic(Code.FLEET_EXCEEDS_POOL, Severity.ERROR, Optional.empty(),
                "the fleet's services need " + demand.ofServices() + "; the resource pool holds " + pool, why, fix(),
                places);
    }

    /** {@code `web`, 3 machines: 1536 MiB memory, 1 CPU each}. */
    private String told(List<Claim> entry) {
        Share share = demand.pool().shareOf(entry.getFirst().spec());
        String name = "`" + entry.getFirst().entry() + "`";
        return entry.size() == 1 ? name + ": " + share : name + ", " + entry.size() + " machines: " + share + " each";
    }

    private String largest(Collection<List<Claim>> entries) {
        return entries.stream()
                .sorted(Comparator.comparing((List<Claim> entry) -> demand.sum(entry).memory()).reversed())
                .limit(3)
                .map(entry -> "`" + entry.getFirst().entry() + "` (" + demand.sum(entry) + ")")
                .collect(Collectors.joining(", "));
    }

    /** What the pool must hold besides the services: else their shortfall would not add up to the pool that is advised. */
    private String largestJobs() {
        String largest = PoolDemand.byEntry(demand.jobs())
                .values()
                .stream()
                .map(List::getFirst)
                .sorted(Comparator.comparing((Claim job) -> demand.pool().shareOf(job.spec()).memory()).reversed())
                .limit(3)
                .map(job -> "`" + job.entry() + "` (" + demand.pool().shareOf(job.spec()) + ")")
                .collect(Collectors.joining(", "));
        return largest.isEmpty() ? "" : "; each job must fit beside them, the largest: " + largest;
    }

    private String ofVmms() {
        long mib = demand.ofServices().memory().minusOrZero(demand.requested().memory()).mib();
        return mib == 0 ? "" : "; " + mib + " MiB of it are for the VMMs themselves";
    }

    private Diagnostic job(Claim job, Share room, String fix) {
        return job
                .error(Code.FLEET_EXCEEDS_POOL, "job `" + job.entry() + "` needs " + demand.pool().shareOf(job.spec())
                        + ", but the services leave " + room, "resources")
                .why("it would wait for ever")
                .fix(fix);
    }

    private Diagnostic jobAlone(Claim job) {
        return job
                .error(Code.FLEET_EXCEEDS_POOL, "job `" + job.entry() + "` alone needs "
                        + demand.pool().shareOf(job.spec()) + "; the resource pool holds " + demand.pool().size(),
                        "resources")
                .why("short by " + demand.pool().shareOf(job.spec()).minus(demand.pool().size()).lacking()
                        + ", also without any services")
                .fix("lower its requests, or enlarge the pool (`host.pool`, --mem, --cpus)");
    }

    private String fix() {
        List<String> remedies = Remedies.of(demand, host).stream().map(Remedy::toString).toList();
        return remedies.isEmpty() ? GENERAL_FIX : String.join("; or ", remedies);
    }
}

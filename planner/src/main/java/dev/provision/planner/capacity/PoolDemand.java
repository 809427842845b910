package dev.provision.planner.capacity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What machines take of a pool: services all at once, jobs one beside them at least. */
record PoolDemand(List<Claim> services, List<Claim> jobs, ResourcePool pool) {

    PoolDemand {
        services = List.copyOf(services);
        jobs = List.copyOf(jobs);
    }

    static PoolDemand of(Collection<Claim> claims, ResourcePool pool) {
        return new PoolDemand(claims.stream().filter(claim -> !claim.spec().isJob()).toList(),
                claims.stream().filter(claim -> claim.spec().isJob()).toList(), pool);
    }

    Share sum(Collection<Claim> claims) {
        return claims.stream().map(claim -> pool.shareOf(claim.spec())).reduce(Share.NOTHING, Share::plus);
    }

    Share ofServices() {
        return sum(services);
    }

    /** What a pool must hold that every machine can run in: the services and beside them any one job. */
    Share needed() {
        return jobs.stream()
                .map(job -> pool.shareOf(job.spec()))
                .reduce(Share.NOTHING, Share::max)
                .plus(ofServices());
    }

    /** As {@link #needed}, by requests alone, as a fixed pool counts. */
    Share neededOfFixed() {
        return jobs.stream()
                .map(job -> Share.of(job.spec()))
                .reduce(Share.NOTHING, Share::max)
                .plus(services.stream().map(service -> Share.of(service.spec())).reduce(Share.NOTHING, Share::plus));
    }

    /** Requests of the services alone, as far as the pool counts them. */
    Share requested() {
        return services.stream().map(claim -> pool.requestOf(claim.spec())).reduce(Share.NOTHING, Share::plus);
    }

    boolean fits() {
        return needed().fitsInto(pool.size());
    }

    /** What is missing for all to fit. */
    Share shortfall() {
        return needed().minus(pool.size());
    }

    /** In the order of their names. */
    SortedMap<String, List<Claim>> servicesByEntry() {
        return byEntry(services);
    }

    static SortedMap<String, List<Claim>> byEntry(Collection<Claim> claims) {
        SortedMap<String, List<Claim>> entries = new TreeMap<>();
        claims.forEach(claim -> entries.computeIfAbsent(claim.entry(), _ -> new ArrayList<>()).add(claim));
        return entries;
    }
}

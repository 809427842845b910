package dev.provision.planner.capacity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

import dev.provision.planner.host.HostCapacity;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

/** The smallest changes after which everything fits the pool. */
final class Remedies {

    private static final int MOST_OF_A_KIND = 2;

    private final PoolDemand demand;
    private final Share lacking;

    private Remedies(PoolDemand demand) {
        this.demand = demand;
        this.lacking = demand.shortfall();
    }

    /** For a demand that does not fit; changes to the manifest first, those to the pool last. */
    static List<Remedy> of(PoolDemand demand, HostCapacity host) {
        Remedies remedies = new Remedies(demand);
        List<Remedy> all = new ArrayList<>(remedies.counts());
        if (all.isEmpty()) {
            remedies.leaveOut().ifPresent(all::add);
        }
        all.addAll(remedies.requests());
        remedies.pool(host).ifPresent(all::add);
        return List.copyOf(all);
    }

    private List<Remedy.LowerCount> counts() {
        return demand.servicesByEntry()
                .values()
                .stream()
                .filter(entry -> entry.getFirst().isCounted() && areAlike(entry))
                .flatMap(entry -> count(entry).stream())
                .sorted(Comparator.comparingInt(remedy -> remedy.from() - remedy.to()))
                .limit(MOST_OF_A_KIND)
                .toList();
    }

    private Optional<Remedy.LowerCount> count(List<Claim> entry) {
        Share each = demand.pool().shareOf(entry.getFirst().spec());
        long fewer = Math.max(ceil(lacking.memory().bytes(), each.memory().bytes()),
                ceil(lacking.cpus().millis(), each.cpus().millis()));
        return fewer > entry.size() ? Optional.empty()
                : Optional.of(new Remedy.LowerCount(entry.getFirst().entry(), entry.size(),
                        (int) (entry.size() - fewer)));
    }

    private boolean areAlike(List<Claim> entry) {
        return entry.stream().map(claim -> demand.pool().shareOf(claim.spec())).distinct().count() == 1;
    }

    /** Only where one resource is short: then the largest machines are the fewest. */
    private Optional<Remedy> leaveOut() {
        boolean ofMemory = lacking.cpus().millis() == 0;
        if (!ofMemory && !lacking.memory().isZero()) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        Share given = Share.NOTHING;
        for (Claim claim : demand.services()
                .stream()
                .sorted(Comparator.comparingLong((Claim claim) -> amount(claim, ofMemory)).reversed())
                .toList()) {
            if (lacking.fitsInto(given)) {
                break;
            }
            given = given.plus(demand.pool().shareOf(claim.spec()));
            names.add(claim.name());
        }
        return lacking.fitsInto(given) ? Optional.of(new Remedy.LeaveOut(names)) : Optional.empty();
    }

    private long amount(Claim claim, boolean ofMemory) {
        Share share = demand.pool().shareOf(claim.spec());
        return ofMemory ? share.memory().bytes() : share.cpus().millis();
    }

    private List<Remedy.LowerRequest> requests() {
        List<Remedy.LowerRequest> all = new ArrayList<>();
        SortedMap<String, List<Claim>> services = demand.servicesByEntry();
        services.values().forEach(entry -> request(entry, entry.size()).ifPresent(all::add));
        theOnlyLargeJob().flatMap(entry -> request(entry, 1)).ifPresent(all::addFirst);
        return all.stream().limit(MOST_OF_A_KIND).toList();
    }

    /** Present when the services fit and the jobs of one entry alone are too large for what they leave. */
    private Optional<List<Claim>> theOnlyLargeJob() {
        if (!demand.ofServices().fitsInto(demand.pool().size())) {
            return Optional.empty();
        }
        Share room = demand.pool().size().minus(demand.ofServices());
        Collection<List<Claim>> large = PoolDemand.byEntry(demand.jobs()
                .stream()
                .filter(job -> !demand.pool().shareOf(job.spec()).fitsInto(room))
                .toList()).values();
        return large.size() == 1 ? Optional.of(large.iterator().next()) : Optional.empty();
    }

    /** To half of what it was at least: a request is what a machine keeps when the host is short of memory. */
    private Optional<Remedy.LowerRequest> request(List<Claim> entry, int atOnce) {
        Share before = Share.of(entry.getFirst().spec());
        Share by = new Share(new Cpus((int) ceil(lacking.cpus().millis(), atOnce)),
                ByteSize.ofMib(ceil(lacking.memory().mib(), atOnce)));
        Share to = before.minus(by);
        boolean halved = before.cpus().millis() <= 2L * to.cpus().millis()
                && before.memory().bytes() <= 2 * to.memory().bytes();
        return halved && entry.getFirst().written().isPresent() && areRequestsAlike(entry)
                ? Optional.of(new Remedy.LowerRequest(entry.getFirst().entry(), by, to))
                : Optional.empty();
    }

    private static boolean areRequestsAlike(List<Claim> entry) {
        return entry.stream().map(claim -> Share.of(claim.spec())).distinct().count() == 1;
    }

    /** No pool holds more than the host has. */
    private Optional<Remedy> pool(HostCapacity host) {
        Share size = demand.neededOfFixed();
        return demand.needed().memory().compareTo(host.memoryTotal()) <= 0
                ? Optional.of(new Remedy.FixedPool(size))
                : Optional.empty();
    }

    /** How many of {@code part} it takes; more than anybody has when there is nothing of it. */
    private static long ceil(long whole, long part) {
        return whole == 0 ? 0 : part == 0 ? Long.MAX_VALUE : whole / part + (whole % part == 0 ? 0 : 1);
    }
}

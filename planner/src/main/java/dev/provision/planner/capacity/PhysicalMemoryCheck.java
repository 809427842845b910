package dev.provision.planner.capacity;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import dev.provision.planner.host.VmmOverhead;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Severity;
import dev.provision.schema.fleet.HostPolicy;
import dev.provision.schema.units.ByteSize;

/**
 * Does the host have the memory that a fixed pool promises? A fixed pool is somebody's word, and what is available differs
 * from one moment to the next, so it is a warning: the same manifest has the same schedule everywhere.
 */
final class PhysicalMemoryCheck {

    private PhysicalMemoryCheck() {}

    /**
     * @param reachable
     *            memory that is available or the fleet's already
     */
    static void run(Collection<Claim> claims, HostPolicy policy, VmmOverhead overhead, ByteSize reachable,
            Problems problems) {
        if (policy.pool() instanceof HostPolicy.Pool.Fixed) {
            ofFixedPool(claims, overhead, reachable, problems);
        }
    }

    /** As {@link #run}, of a fixed pool. */
    static void ofFixedPool(Collection<Claim> claims, VmmOverhead overhead, ByteSize reachable, Problems problems) {
        List<Claim> services = claims.stream().filter(claim -> !claim.spec().isJob()).toList();
        ByteSize requests = ByteSize.ZERO;
        ByteSize ofVmms = ByteSize.ZERO;
        for (Claim claim : services) {
            requests = requests.plus(ResourcePool.ofBasePages(claim.spec()));
            ofVmms = ofVmms.plus(overhead.of(claim.spec()));
        }
        ByteSize needed = requests.plus(ofVmms);
        if (needed.compareTo(reachable) > 0) {
            problems.add(new Diagnostic(Code.HOST_MEMORY_SHORT, Severity.WARNING, Optional.empty(),
                    "the services request " + requests.mib() + " MiB and their VMMs take about " + ofVmms.mib()
                            + " MiB more, but this host can give " + reachable.mib() + " MiB",
                    "a fixed pool is taken at its word: short by " + needed.minusOrZero(reachable).mib()
                            + " MiB, this host swaps or kills when the machines use what they request",
                    "lower requests, free memory of the host, or leave `host.pool`, --cpus and --mem out", List.of()));
        }
    }
}

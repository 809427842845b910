package dev.provision.hypervisor.host;

import java.util.List;
import java.util.Optional;

import dev.provision.schema.fleet.CpuSet;
import dev.provision.schema.units.ByteSize;

/**
 * How processors and memory of a host are put together, of the CPUs that are on line.
 *
 * @param sockets
 *            processor packages, at least 1
 * @param cores
 *            in all of them
 * @param threads
 *            logical CPUs, in all cores
 * @param nodes
 *            NUMA nodes, by number; one on most hosts, none where the kernel knows no NUMA
 */
public record Topology(int sockets, int cores, int threads, List<Node> nodes) {

    /**
     * Memory, and the CPUs that are near to it.
     *
     * @param cpus
     *            absent where it has memory alone
     * @param memory
     *            all of it, used or not
     */
    public record Node(int number, Optional<CpuSet> cpus, ByteSize memory) {

        /** {@code node 0: CPUs 0-15, 64289 MiB}. */
        @Override
        public String toString() {
            return "node " + number + ": " + cpus.map(set -> "CPUs " + set + ", ").orElse("no CPUs, ") + memory.mib()
                    + " MiB";
        }
    }

    public Topology {
        nodes = List.copyOf(nodes);
    }

    /** {@code 2 sockets, 32 cores, 64 threads}. */
    @Override
    public String toString() {
        return counted(sockets, "socket") + ", " + counted(cores, "core") + ", " + counted(threads, "thread");
    }

    private static String counted(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}

package dev.provision.hypervisor.host.cgroup;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

import dev.provision.hypervisor.host.cgroup.Cgroups.Version;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

/**
 * What a group of processes is held to. Pure: names and values of the files of both versions of cgroups
 * (Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst, scheduler/sched-bwc.rst).
 *
 * @param cpus
 *            CPU time a second of it, together
 * @param shares
 *            weight against other groups when CPUs are short, 2 to 262144 with 1024 as the usual one, as of version 1
 * @param memory
 *            most that it may take, page cache that can be dropped included; swap counts too; absent: no limit
 * @param swap
 *            whether its memory may be swapped out
 */
public record GroupLimits(Cpus cpus, int shares, Optional<ByteSize> memory, boolean swap) {

    /** What a quota is for; 100 ms is the kernel's own period. */
    private static final int PERIOD_MICROS = 100_000;

    /** The kernel takes none below this (min_cfs_quota_period). */
    private static final int LEAST_QUOTA_MICROS = 1_000;

    /** The value that the group above has. */
    static final String INHERITED = "";

    /** Values by file name, in the order in which they are to be written; files that are not there do not exist. */
    SequencedMap<String, String> files(Version version) {
        SequencedMap<String, String> files = new LinkedHashMap<>();
        String quota = Long.toString(Math.max(LEAST_QUOTA_MICROS, (long) cpus.millis() * PERIOD_MICROS / 1000));
        switch (version) {
            case V1 -> {
                files.put("cpu.cfs_period_us", Integer.toString(PERIOD_MICROS));
                files.put("cpu.cfs_quota_us", quota);
                files.put("cpu.shares", Integer.toString(shares));
                files.put("memory.swappiness", swap ? INHERITED : "0");
                files.put("memory.limit_in_bytes", bytes("-1"));
                files.put("memory.memsw.limit_in_bytes", bytes("-1"));
            }
            case V2 -> {
                files.put("cpu.max", quota + " " + PERIOD_MICROS);
                files.put("cpu.weight", Long.toString(weight(shares)));
                files.put("memory.oom.group", "1");
                files.put("memory.swap.max", swap && memory.isEmpty() ? "max" : "0");
                files.put("memory.max", bytes("max"));
            }
        }
        return files;
    }

    private String bytes(String unlimited) {
        return memory.map(size -> Long.toString(size.bytes())).orElse(unlimited);
    }

    /**
     * Version 2 weighs from 1 to 10000 with 100 as the usual one. By the same factor up to the usual weight and linear beyond it
     * up to the largest, so that equal weights stay equal and the usual one stays the usual one.
     */
    private static long weight(int shares) {
        return shares <= 1024 ? Math.max(1, shares * 100L / 1024) : 100 + (shares - 1024L) * 9900 / (262_144 - 1024);
    }
}

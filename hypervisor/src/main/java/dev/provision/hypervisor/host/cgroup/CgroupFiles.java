package dev.provision.hypervisor.host.cgroup;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import dev.provision.hypervisor.host.cgroup.Cgroups.Version;
import dev.provision.schema.units.ByteSize;

/**
 * Names and meaning of a cgroup's files (Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst). Pure: over
 * the text of the files.
 */
public final class CgroupFiles {

    /** Version 1 writes "unlimited" as the largest page-aligned number. */
    private static final long UNLIMITED = 1L << 60;

    private static final long CHARGED_AHEAD = 1L << 20;

    private CgroupFiles() {}

    public static String memoryLimit(Version version) {
        return switch (version) {
            case V1 -> "memory.limit_in_bytes";
            case V2 -> "memory.max";
        };
    }

    public static String memoryUsage(Version version) {
        return switch (version) {
            case V1 -> "memory.usage_in_bytes";
            case V2 -> "memory.current";
        };
    }

    /** The line of memory.stat that counts page cache which can be dropped at once, of the group and those below it. */
    public static String droppable(Version version) {
        return switch (version) {
            case V1 -> "total_inactive_file";
            case V2 -> "inactive_file";
        };
    }

    /** The group's limit and use; empty if it has no limit. */
    public static Optional<MemoryGroup> memory(Version version, String limit, String usage, String stat) {
        var bytes = number(limit);
        if (bytes.isEmpty() || bytes.getAsLong() >= UNLIMITED) {
            return Optional.empty();
        }
        return Optional.of(new MemoryGroup(new ByteSize(bytes.getAsLong()),
                usage(version, usage, stat).orElse(ByteSize.ZERO)));
    }

    /** What the group takes, less what can be dropped at once; empty where it is not told. */
    public static Optional<ByteSize> usage(Version version, String usage, String stat) {
        var bytes = number(usage);
        return bytes.isEmpty() ? Optional.empty()
                : Optional.of(new ByteSize(
                        Math.max(0, bytes.getAsLong() - statistic(stat, droppable(version)).orElse(0))));
    }

    /** How many of its processes were killed for want of memory: from memory.events, or version 1's memory.oom_control. */
    public static long oomKills(String events) {
        return statistic(events, "oom_kill").orElse(0);
    }

    /** CPUs from version 2's cpu.max: {@code QUOTA PERIOD} or {@code max PERIOD}. */
    public static OptionalDouble cpuQuota(String cpuMax) {
        var parts = cpuMax.strip().split(" ", -1);
        return parts.length == 2 ? cpuQuota(parts[0], parts[1]) : OptionalDouble.empty();
    }

    /** CPUs from version 1's cpu.cfs_quota_us (−1: unlimited) and cpu.cfs_period_us. */
    public static OptionalDouble cpuQuota(String quota, String period) {
        var microseconds = number(quota).orElse(-1);
        var every = number(period).orElse(0);
        return microseconds > 0 && every > 0 ? OptionalDouble.of((double) microseconds / every)
                : OptionalDouble.empty();
    }

    /** A quota in microseconds of 100 ms that is no more than those of the groups above, which are in CPUs. */
    public static long quotaWithin(long quota, List<Double> above) {
        double least = above.stream().mapToDouble(Double::doubleValue).min().orElse(Double.MAX_VALUE);
        return Math.min(quota, (long) Math.floor(least * 100_000));
    }

    /**
     * Of version 1: the most that the group ever took is its limit, but for the pages that each CPU charges ahead. Its
     * {@code failcnt} stays 0 where the sum of memory and swap has the same limit.
     */
    public static boolean reachedLimit(String limit, String mostUsed) {
        var bytes = number(limit).orElse(UNLIMITED);
        return bytes < UNLIMITED && number(mostUsed).orElse(0) >= bytes - CHARGED_AHEAD;
    }

    /** From memory.events.local: allocations of the group itself have failed at its own limit. */
    public static boolean reachedLimit(String events) {
        return statistic(events, "oom").orElse(0) > 0;
    }

    private static OptionalLong statistic(String stat, String name) {
        return stat.lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> number(line.substring(name.length())))
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    private static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException word) { // "max", or nothing where the file cannot be read
            return OptionalLong.empty();
        }
    }
}

package dev.provision.hypervisor.host.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

import dev.provision.hypervisor.host.cgroup.Cgroups.Version;
import dev.provision.planner.host.DriverCapabilities.Limit;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

/**
 * What control groups hold a process to, as the kernel says: read from the files that {@link GroupLimits} are written to. A
 * group that is gone, or that the process is no longer in, holds it to nothing.
 */
public final class GroupReadings {

    private static final String NO_LIMIT = "no limit";

    /** The kernel rounds memory limits down to pages, of at most this size. */
    private static final long PAGE = 64 << 10;

    /** The kernel counts in microseconds of a period. */
    private static final double SAME_CPUS = 0.01;

    private final GroupLimits wanted;
    private final List<Path> groups;

    /**
     * @param directories
     *            of the groups that the process was put into
     * @param wanted
     *            what they were set to
     */
    public GroupReadings(List<Path> directories, long pid, GroupLimits wanted) {
        this.wanted = wanted;
        this.groups = directories.stream().filter(directory -> holds(directory, pid)).toList();
    }

    /** Whether a process is in that group. */
    public static boolean holds(Path directory, long pid) {
        return text(directory, "cgroup.procs").lines().anyMatch(Long.toString(pid)::equals);
    }

    /** What it is held to, for people, where that is not what is wanted. */
    public Map<Limit, String> others() {
        Map<Limit, String> others = new EnumMap<>(Limit.class);
        Set<Controller> there = EnumSet.noneOf(Controller.class);
        for (Path group : groups) {
            Version version = version(group);
            if (Files.exists(group.resolve(version == Version.V1 ? "cpu.cfs_quota_us" : "cpu.max"))) {
                there.add(Controller.CPU);
                cpus(group, version, others);
            }
            if (Files.exists(group.resolve(CgroupFiles.memoryLimit(version)))) {
                there.add(Controller.MEMORY);
                memory(group, version, others);
            }
        }
        if (!there.contains(Controller.CPU)) {
            others.put(Limit.CPU_LIMIT, NO_LIMIT);
        }
        if (!there.contains(Controller.MEMORY)) {
            wanted.memory().ifPresent(_ -> others.put(Limit.MEMORY_HARD, NO_LIMIT));
            if (!wanted.swap()) {
                others.put(Limit.NO_SWAP, "true");
            }
        }
        return others;
    }

    private void cpus(Path group, Version version, Map<Limit, String> others) {
        Map<String, String> files = wanted.files(version);
        OptionalDouble quota = version == Version.V2 ? CgroupFiles.cpuQuota(text(group, "cpu.max"))
                : CgroupFiles.cpuQuota(text(group, "cpu.cfs_quota_us"), text(group, "cpu.cfs_period_us"));
        double asked = version == Version.V2 ? CgroupFiles.cpuQuota(files.getOrDefault("cpu.max", "")).orElse(0)
                : ControlGroups.quotaOf(group, files) / 100_000.0;
        if (Math.abs(quota.orElse(Double.MAX_VALUE) - asked) > asked * SAME_CPUS) {
            others.put(Limit.CPU_LIMIT, quota.isEmpty() ? NO_LIMIT
                    : new Cpus((int) Math.max(1, Math.round(quota.getAsDouble() * 1000))).toString());
        }
        String weight = version == Version.V1 ? "cpu.shares" : "cpu.weight";
        String found = text(group, weight).strip();
        if (!found.isEmpty() && !found.equals(files.get(weight))) {
            others.put(Limit.SHARES, version == Version.V1 ? found : "cpu.weight " + found);
        }
    }

    private void memory(Path group, Version version, Map<Limit, String> others) {
        Optional<ByteSize> most = CgroupFiles
                .memory(version, text(group, CgroupFiles.memoryLimit(version)), "", "")
                .map(MemoryGroup::limit);
        long difference = Math.abs(bytes(most) - bytes(wanted.memory()));
        if (difference >= PAGE) {
            others.put(Limit.MEMORY_HARD, most.map(size -> size + " with its VMM").orElse(NO_LIMIT));
        }
        String swap = text(group, version == Version.V1 ? "memory.swappiness" : "memory.swap.max").strip();
        if (!wanted.swap() && !swap.isEmpty() && !swap.equals("0")) {
            others.put(Limit.NO_SWAP, "true");
        }
    }

    private static long bytes(Optional<ByteSize> limit) {
        return limit.map(ByteSize::bytes).orElse(Long.MAX_VALUE / 2);
    }

    private static Version version(Path directory) {
        return Files.exists(directory.resolve("cgroup.controllers")) ? Version.V2 : Version.V1;
    }

    private static String text(Path directory, String file) {
        try {
            return Files.readString(directory.resolve(file));
        } catch (IOException e) {
            return "";
        }
    }
}

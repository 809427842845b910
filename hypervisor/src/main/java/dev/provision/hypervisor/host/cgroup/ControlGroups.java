package dev.provision.hypervisor.host.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import dev.provision.hypervisor.host.cgroup.Cgroups.Version;
import dev.provision.hypervisor.host.cgroup.GroupPlaces.Place;
import dev.provision.schema.units.ByteSize;

/** Makes, limits and removes control groups of VMMs: directories in the kernel's own file systems. */
public final class ControlGroups {

    /** All groups of ours are in one directory of this name, in each place. */
    private static final String OURS = "provision";

    private final GroupPlaces places;

    public ControlGroups(GroupPlaces places) {
        this.places = places;
    }

    /**
     * Makes the groups of one VMM, empty and with fresh counters where they were left over.
     *
     * @param name
     *            of this VMM and no other on the host; letters, digits, {@code . _ -}
     * @return the directories, one for each place; none where no group can be made
     * @throws IOException
     *             when one cannot be made although it looked so
     */
    public List<Path> make(String name) throws IOException {
        List<Path> directories = new ArrayList<>();
        for (Place place : places.places()) {
            Path group = group(place, name);
            if (place.version() == Version.V2) {
                Path all = place.parent().resolve(OURS);
                switchOn(place, place.parent());
                Files.createDirectories(all);
                switchOn(place, all);
            }
            removeIfEmpty(group);
            Files.createDirectories(group);
            requireControllers(place, group);
            directories.add(group);
        }
        return directories;
    }

    /** Where {@link #make} would make them. */
    public List<Path> of(String name) {
        return places.places().stream().map(place -> group(place, name)).toList();
    }

    private static Path group(Place place, String name) {
        return place.parent().resolve(OURS).resolve(name);
    }

    /** Whoever else manages these groups may have switched controllers off again: then the files to limit by are not there. */
    private static void requireControllers(Place place, Path group) throws IOException {
        Path list = group.resolve("cgroup.controllers");
        if (place.version() == Version.V2 && Files.exists(list)
                && !GroupPlaces.among(place.controllers(), list).containsAll(place.controllers())) {
            throw new IOException(group + " was made without the controllers " + place.controllers());
        }
    }

    private static void switchOn(Place place, Path directory) throws IOException {
        write(directory.resolve("cgroup.subtree_control"), place.controllers()
                .stream()
                .sorted()
                .map(controller -> "+" + controller.kernelName())
                .collect(Collectors.joining(" ")));
    }

    /**
     * Holds a group to these limits from now on. Files of controllers that the group has not are not there and are passed over.
     *
     * @throws IOException
     *             when the kernel refuses a value, as a memory limit below what cannot be reclaimed
     */
    public static void limit(List<Path> directories, GroupLimits limits) throws IOException {
        for (Path directory : directories) {
            for (Map.Entry<String, String> file : limits.files(version(directory)).entrySet()) {
                set(directory.resolve(file.getKey()), file.getValue());
            }
        }
    }

    /**
     * Raising the sum of memory and swap must come before raising memory, lowering it after: so memory is tried twice. A quota
     * of version 1 must not exceed the one above, which binds anyhow.
     */
    private static void set(Path file, String value) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        if (value.equals(GroupLimits.INHERITED)) {
            Path above = Objects.requireNonNull(Objects.requireNonNull(file.getParent()).getParent());
            write(file, Files.readString(above.resolve(String.valueOf(file.getFileName()))).strip());
            return;
        }
        if (file.endsWith("cpu.cfs_quota_us")) {
            write(file, Long.toString(CgroupFiles.quotaWithin(Long.parseLong(value), quotasAbove(file))));
            return;
        }
        Path sum = file.resolveSibling("memory.memsw.limit_in_bytes");
        if (file.endsWith("memory.limit_in_bytes") && Files.exists(sum)) {
            try {
                write(file, value);
            } catch (IOException above) {
                write(sum, value);
                write(file, value);
            }
        } else {
            write(file, value);
        }
    }

    /** Of version 1: what a group has that was set to these values, in microseconds of each 100 ms. */
    static long quotaOf(Path directory, Map<String, String> files) {
        Path file = directory.resolve("cpu.cfs_quota_us");
        return CgroupFiles.quotaWithin(Long.parseLong(files.getOrDefault("cpu.cfs_quota_us", "0")), quotasAbove(file));
    }

    /** Microseconds of each 100 ms that groups above allow, as far as they limit. */
    private static List<Double> quotasAbove(Path file) {
        List<Double> quotas = new ArrayList<>();
        for (Path group = Objects.requireNonNull(file.getParent()).getParent(); group != null
                && Files.exists(group.resolve("cpu.cfs_quota_us")); group = group.getParent()) {
            CgroupFiles.cpuQuota(text(group, "cpu.cfs_quota_us"), text(group, "cpu.cfs_period_us"))
                    .ifPresent(quotas::add);
        }
        return quotas;
    }

    /** Moves a process that runs already, with all its threads. */
    public static void join(List<Path> directories, long pid) throws IOException {
        for (Path directory : directories) {
            write(processes(directory), Long.toString(pid));
        }
    }

    /** The file of a group that lists its processes; who writes 0 to it joins the group itself. */
    public static Path processes(Path directory) {
        return directory.resolve("cgroup.procs");
    }

    /** What a group takes now; of one without a memory controller: nothing. */
    public static ByteSize memory(List<Path> directories) {
        for (Path directory : directories) {
            var usage = CgroupFiles.usage(version(directory),
                    text(directory, CgroupFiles.memoryUsage(version(directory))),
                    text(directory, "memory.stat"));
            if (usage.isPresent()) {
                return usage.get();
            }
        }
        return ByteSize.ZERO;
    }

    /** Whether the kernel has killed a process of this group for want of memory, whoever used it up. */
    public static boolean ranOutOfMemory(List<Path> directories) {
        return directories.stream()
                .anyMatch(directory -> CgroupFiles.oomKills(version(directory) == Version.V1
                        ? text(directory, "memory.oom_control")
                        : text(directory, "memory.events")) > 0);
    }

    /** Whether this group has ever come to its own memory limit. */
    public static boolean reachedItsMemoryLimit(List<Path> directories) {
        return directories.stream()
                .anyMatch(directory -> version(directory) == Version.V1
                        ? CgroupFiles.reachedLimit(text(directory, "memory.limit_in_bytes"),
                                text(directory, "memory.max_usage_in_bytes"))
                        : CgroupFiles.reachedLimit(text(directory, "memory.events.local")));
    }

    /**
     * Removes the groups of a VMM that has ended. What is around them stays: it is empty and costs nothing, and somebody may be about
     * to make another group in it. One that is still busy stays as well; the next start takes it.
     */
    public static void remove(List<Path> directories) {
        directories.forEach(ControlGroups::removeIfEmpty);
    }

    /** To remove a group is rmdir(2), its files notwithstanding; one with processes or groups in it is busy. */
    private static void removeIfEmpty(Path directory) {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException busy) {
            // said above
        }
    }

    private static Version version(Path directory) {
        return Files.exists(directory.resolve("cgroup.controllers")) ? Version.V2 : Version.V1;
    }

    private static void write(Path file, String value) throws IOException {
        try {
            Files.writeString(file, value, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException("`" + value + "` cannot be written to " + file + ": " + e.getMessage(), e);
        }
    }

    private static String text(Path directory, String file) {
        try {
            return Files.readString(directory.resolve(file));
        } catch (IOException e) {
            return "";
        }
    }
}

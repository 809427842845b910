package dev.provision.hypervisor.host.cgroup;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
            Path all = place.parent().resolve(OURS);
            Path group = all.resolve(name);
            if (place.version() == Version.V2) {
                switchOn(place, place.parent());
                Files.createDirectories(all);
                switchOn(place, all);
            }
            removeIfEmpty(group);
            Files.createDirectories(group);
            directories.add(group);
        }
        return directories;
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

    /** Raising the sum of memory and swap must come before raising memory, lowering it after: so memory is tried twice. */
    private static void set(Path file, String value) throws IOException {
        if (!Files.exists(file)) {
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

    /** Whether the kernel has killed a process of this group for exceeding its memory limit. */
    public static boolean ranOutOfMemory(List<Path> directories) {
        return directories.stream()
                .anyMatch(directory -> CgroupFiles.oomKills(version(directory) == Version.V1
                        ? text(directory, "memory.oom_control")
                        : text(directory, "memory.events")) > 0);
    }

    /** Removes the groups of a VMM that has ended, and what was around them when they were the last ones. */
    public static void remove(List<Path> directories) throws IOException {
        for (Path directory : directories) {
            removeIfEmpty(directory);
            Path all = directory.getParent();
            if (all != null && all.endsWith(OURS)) {
                removeIfEmpty(all);
            }
        }
    }

    /** To remove a group is rmdir(2), its files notwithstanding; one with processes or groups in it is busy. */
    private static void removeIfEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            // others are in it
        } catch (IOException e) {
            if (Files.exists(directory) && text(directory, "cgroup.procs").isBlank() && !hasGroups(directory)) {
                throw e;
            }
        }
    }

    private static boolean hasGroups(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.anyMatch(Files::isDirectory);
        } catch (NoSuchFileException gone) {
            return false;
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

package dev.provision.hypervisor.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.hypervisor.host.procfs.ProcMemory;
import dev.provision.planner.host.HugePagePools;
import dev.provision.planner.host.HugePagePools.Pool;
import dev.provision.schema.units.ByteSize;

/** Pools of huge pages, as sysfs and procfs show them (Linux, admin-guide/mm/hugetlbpage.rst). */
public final class LinuxHugePages {

    private static final Pattern DIRECTORY = Pattern.compile("hugepages-([0-9]{1,12})kB");

    private LinuxHugePages() {}

    /** Of the host this runs on. */
    public static HugePagePools ofThisHost() {
        return read(Path.of("/"));
    }

    /** Of a host whose /proc and /sys are below {@code root}; none where there are none. */
    static HugePagePools read(Path root) {
        List<Pool> pools = new ArrayList<>();
        try (DirectoryStream<Path> sizes = Files.newDirectoryStream(root.resolve("sys/kernel/mm/hugepages"))) {
            for (Path size : sizes) {
                pool(size).ifPresent(pools::add);
            }
            pools.sort(Comparator.comparing(Pool::page));
            return new HugePagePools(
                    ProcMemory.size(Files.readString(root.resolve("proc/meminfo")), "Hugepagesize"), pools);
        } catch (IOException absent) {
            return HugePagePools.NONE;
        }
    }

    /** What is reserved is free until somebody touches it, but not for others. */
    private static Optional<Pool> pool(Path directory) throws IOException {
        Matcher name = DIRECTORY.matcher(directory.getFileName().toString());
        if (!name.matches()) {
            return Optional.empty();
        }
        long free = number(directory, "free_hugepages") - number(directory, "resv_hugepages");
        return Optional.of(new Pool(new ByteSize(Long.parseLong(name.group(1)) * 1024),
                number(directory, "nr_hugepages"), Math.max(0, free)));
    }

    private static long number(Path directory, String file) throws IOException {
        String text = Files.readString(directory.resolve(file)).strip();
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException(directory.resolve(file) + " is no number: " + text, e);
        }
    }
}

package dev.provision.hypervisor.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.planner.host.HugePagePools;
import dev.provision.planner.host.HugePagePools.Pool;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LinuxHugePagesTest {

    @TempDir
    private Path root = Path.of("");

    private void pool(String name, int total, int free, int reserved) throws IOException {
        Path directory = Files.createDirectories(root.resolve("sys/kernel/mm/hugepages/" + name));
        Files.writeString(directory.resolve("nr_hugepages"), total + "\n");
        Files.writeString(directory.resolve("free_hugepages"), free + "\n");
        Files.writeString(directory.resolve("resv_hugepages"), reserved + "\n");
    }

    /** What somebody has mapped and not touched yet is promised to him. */
    @Test
    void poolsOfAllSizesAreRead() throws IOException {
        Files.createDirectories(root.resolve("proc"));
        Files.writeString(root.resolve("proc/meminfo"), "HugePages_Total:     512\nHugepagesize:       2048 kB\n");
        pool("hugepages-1048576kB", 4, 4, 0);
        pool("hugepages-2048kB", 512, 300, 100);
        Files.createDirectories(root.resolve("sys/kernel/mm/hugepages/other"));
        assertEquals(new HugePagePools(Optional.of(ByteSize.ofMib(2)),
                List.of(new Pool(ByteSize.ofMib(2), 512, 200), new Pool(ByteSize.ofGib(1), 4, 4))),
                LinuxHugePages.read(root));
    }

    @Test
    void aHostWithoutHugePagesHasNone() {
        assertTrue(LinuxHugePages.read(root).isEmpty());
    }
}

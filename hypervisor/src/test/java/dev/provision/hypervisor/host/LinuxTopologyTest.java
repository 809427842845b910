package dev.provision.hypervisor.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Topologies in the kernel's format. */
class LinuxTopologyTest {

    @TempDir
    private Path system = Path.of("");

    private void write(String file, String text) throws IOException {
        Path path = system.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
    }

    private void cpu(int number, int socket, int die, int core) throws IOException {
        write("cpu/cpu" + number + "/topology/physical_package_id", "" + socket);
        write("cpu/cpu" + number + "/topology/die_id", "" + die);
        write("cpu/cpu" + number + "/topology/core_id", "" + core);
    }

    @Test
    void aServerOfTwoSockets() throws IOException {
        for (int i = 0; i < 8; i++) {
            cpu(i, i / 2 % 2, 0, i % 2);
        }
        Files.createDirectories(system.resolve("cpu/cpu8"));
        Files.createDirectories(system.resolve("cpu/cpufreq"));
        write("node/node1/cpulist", "2-3,6-7");
        write("node/node1/meminfo", "Node 1 MemTotal:       2097152 kB\nNode 1 MemFree: 1 kB");
        write("node/node0/cpulist", "0-1,4-5");
        write("node/node0/meminfo", "Node 0 MemTotal:       1048576 kB");
        write("node/node2/cpulist", "");
        write("node/node2/meminfo", "Node 2 MemTotal:       4194304 kB");
        Topology topology = LinuxTopology.read(system).orElseThrow();
        assertEquals("2 sockets, 4 cores, 8 threads", topology.toString(), "cpu8 is off line");
        assertEquals("[node 0: CPUs 0-1,4-5, 1024 MiB, node 1: CPUs 2-3,6-7, 2048 MiB, node 2: no CPUs, 4096 MiB]",
                topology.nodes().toString());
    }

    @Test
    void coresOfTwoDiesMayHaveOneNumber() throws IOException {
        cpu(0, 0, 0, 0);
        cpu(1, 0, 1, 0);
        assertEquals("1 socket, 2 cores, 2 threads", LinuxTopology.read(system).orElseThrow().toString());
    }

    @Test
    void aKernelThatDoesNotTell() {
        assertEquals(Optional.empty(), LinuxTopology.read(system));
    }
}

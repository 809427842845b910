package dev.provision.hypervisor.host;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.hypervisor.host.Topology.Node;
import dev.provision.schema.fleet.CpuSet;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.QuantityFormatException;

/** Topology as Linux shows it (Documentation/admin-guide/cputopology.rst, Documentation/ABI/stable/sysfs-devices-node). */
final class LinuxTopology {

    private static final Pattern CPU = Pattern.compile("cpu([0-9]{1,6})");
    private static final Pattern NODE = Pattern.compile("node([0-9]{1,6})");
    private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+([0-9]{1,12}) kB");
    private static final int KIB = 1024;

    private LinuxTopology() {}

    /**
     * Empty where the kernel does not tell.
     *
     * @param system
     *            /sys/devices/system
     */
    static Optional<Topology> read(Path system) {
        Set<String> sockets = new HashSet<>();
        Set<String> cores = new HashSet<>();
        int threads = 0;
        for (Path cpu : matching(system.resolve("cpu"), CPU)) {
            Optional<String> socket = text(cpu.resolve("topology/physical_package_id"));
            Optional<String> core = text(cpu.resolve("topology/core_id"));
            if (socket.isPresent() && core.isPresent()) { // one that is off line has none
                threads++;
                sockets.add(socket.get());
                // Numbers of cores are unique within a die, dies within a socket.
                String die = text(cpu.resolve("topology/die_id")).orElse("");
                cores.add(socket.get() + "/" + die + "/" + core.get());
            }
        }
        List<Node> nodes = matching(system.resolve("node"), NODE).stream()
                .map(LinuxTopology::node)
                .sorted(Comparator.comparingInt(Node::number))
                .toList();
        return threads == 0 ? Optional.empty()
                : Optional.of(new Topology(sockets.size(), cores.size(), threads, nodes));
    }

    private static Node node(Path directory) {
        Matcher total = TOTAL.matcher(text(directory.resolve("meminfo")).orElse(""));
        ByteSize memory = total.find() ? new ByteSize(Long.parseLong(total.group(1)) * KIB) : ByteSize.ZERO;
        Matcher name = NODE.matcher(String.valueOf(directory.getFileName()));
        return new Node(name.matches() ? Integer.parseInt(name.group(1)) : 0,
                text(directory.resolve("cpulist")).flatMap(LinuxTopology::cpus), memory);
    }

    private static Optional<CpuSet> cpus(String list) {
        try {
            return Optional.of(CpuSet.parse(list));
        } catch (QuantityFormatException e) {
            return Optional.empty();
        }
    }

    private static List<Path> matching(Path directory, Pattern name) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> {
                if (name.matcher(String.valueOf(entry.getFileName())).matches()) {
                    found.add(entry);
                }
            });
        } catch (IOException | DirectoryIteratorException absent) {
            return List.of();
        }
        return found;
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}

package dev.provision.hypervisor.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.provision.hypervisor.host.procfs.ProcNet;
import dev.provision.hypervisor.host.procfs.ProcNet.BoundSocket;
import dev.provision.hypervisor.host.procfs.ProcStat;
import dev.provision.planner.host.ListeningPort;
import dev.provision.planner.host.ListeningPort.Holder;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.PortForward.Protocol;

/**
 * Who holds the host ports that machines are to be reached by. On Linux from the kernel's tables, with the process where
 * this user may look at it; on macOS, where there are no such tables, by binding to each port for a moment.
 */
public final class HostPorts {

    private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");

    private final Path proc;
    private final Predicate<PortForward> bindProbe;
    private final Function<List<String>, Optional<String>> machineOf;

    /**
     * @param machineOf
     *            tells from the argv of a process which machine's VMM it is, {@code FLEET/NAME}
     */
    public HostPorts(Function<List<String>, Optional<String>> machineOf) {
        this(Path.of("/proc"), BindProbe::isHeld, machineOf);
    }

    HostPorts(Path proc, Predicate<PortForward> bindProbe, Function<List<String>, Optional<String>> machineOf) {
        this.proc = proc;
        this.bindProbe = bindProbe;
        this.machineOf = machineOf;
    }

    /** The ports that are in the way of one of these forwards. */
    public List<ListeningPort> held(Collection<PortForward> asked) {
        if (asked.isEmpty()) {
            return List.of();
        }
        return Files.isReadable(proc.resolve("net/tcp")) ? byTables(asked) : byBinding(asked);
    }

    private List<ListeningPort> byBinding(Collection<PortForward> asked) {
        return asked.stream()
                .distinct()
                .filter(bindProbe)
                .map(port -> new ListeningPort(port.protocol(), port.hostAddress(), port.hostPort(), Optional.empty()))
                .toList();
    }

    private List<ListeningPort> byTables(Collection<PortForward> asked) {
        Map<Integer, List<PortForward>> byPort = asked.stream().collect(Collectors.groupingBy(PortForward::hostPort));
        List<BoundSocket> sockets = Stream.of(read(Protocol.TCP, "tcp"), read(Protocol.TCP, "tcp6"),
                read(Protocol.UDP, "udp"), read(Protocol.UDP, "udp6"))
                .flatMap(List::stream)
                .filter(socket -> isInTheWay(socket, byPort.getOrDefault(socket.port(), List.of())))
                .toList();
        Map<Long, Holder> holders = sockets.isEmpty() ? Map.of() : holders(sockets);
        return sockets.stream()
                .map(socket -> new ListeningPort(socket.protocol(), socket.address(), socket.port(),
                        Optional.ofNullable(holders.get(socket.inode()))))
                .toList();
    }

    private List<BoundSocket> read(Protocol protocol, String table) {
        try {
            return ProcNet.bound(protocol, Files.readString(proc.resolve("net").resolve(table)));
        } catch (IOException e) {
            return List.of(); // a kernel without IPv6
        }
    }

    /** The tables do not say whether a socket on {@code ::} is for IPv6 alone; binding does. */
    private boolean isInTheWay(BoundSocket socket, Collection<PortForward> asked) {
        ListeningPort held = new ListeningPort(socket.protocol(), socket.address(), socket.port(), Optional.empty());
        return asked.stream()
                .filter(held::isInTheWayOf)
                .anyMatch(port -> !socket.address().equals("::") || bindProbe.test(port));
    }

    /** By inode; of processes of other users only for root. */
    private Map<Long, Holder> holders(List<BoundSocket> sockets) {
        Set<Long> wanted = new HashSet<>();
        sockets.forEach(socket -> wanted.add(socket.inode()));
        Map<Long, Holder> found = new HashMap<>();
        for (Path process : entries(proc, "[0-9]*")) {
            for (Path descriptor : entries(process.resolve("fd"), "*")) {
                long inode = inode(descriptor);
                if (wanted.contains(inode) && !found.containsKey(inode)) {
                    found.put(inode, holder(process));
                }
            }
            if (found.size() == wanted.size()) {
                break;
            }
        }
        return found;
    }

    private Holder holder(Path process) {
        String name = text(process.resolve("comm")).strip();
        List<String> argv = ProcStat.argv(bytes(process.resolve("cmdline")));
        return new Holder(Long.parseLong(process.getFileName().toString()), name.isEmpty() ? "a process" : name,
                machineOf.apply(argv));
    }

    /** None where this user may not look, or the process has ended. */
    private static List<Path> entries(Path directory, String glob) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
            stream.forEach(entries::add);
        } catch (IOException | DirectoryIteratorException e) {
            return entries;
        }
        return entries;
    }

    private static long inode(Path descriptor) {
        try {
            Matcher socket = SOCKET.matcher(Files.readSymbolicLink(descriptor).toString());
            return socket.matches() ? Long.parseLong(socket.group(1)) : -1;
        } catch (IOException e) {
            return -1;
        }
    }

    private static String text(Path file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[0];
        }
    }
}

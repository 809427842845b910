package dev.provision.planner.capacity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.provision.planner.host.ListeningPort;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.PortForward.Protocol;

/** Host ports that somebody holds, found by what they are in the way of: there can be as many as there are machines. */
final class HeldPorts {

    private record Key(Protocol protocol, int port, String address) {}

    /** Addresses that stand for others. */
    private static final List<String> WILDCARDS = List.of("0.0.0.0", "::");

    /** Under its address, and once more under none. */
    private final Map<Key, List<ListeningPort>> held = new HashMap<>();

    HeldPorts(List<ListeningPort> listening) {
        for (ListeningPort port : listening) {
            for (String address : List.of(port.address(), "")) {
                held.computeIfAbsent(new Key(port.protocol(), port.port(), address), _ -> new ArrayList<>()).add(port);
            }
        }
    }

    Stream<ListeningPort> inTheWayOf(PortForward forward) {
        List<String> addresses = WILDCARDS.contains(forward.hostAddress()) ? List.of("")
                : Stream.concat(Stream.of(forward.hostAddress()), WILDCARDS.stream()).toList();
        return addresses.stream()
                .map(address -> new Key(forward.protocol(), forward.hostPort(), address))
                .flatMap(key -> held.getOrDefault(key, List.of()).stream())
                .filter(port -> port.isInTheWayOf(forward));
    }
}

package dev.provision.planner.capacity;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.host.ListeningPort;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Severity;
import dev.provision.schema.fleet.PortForward;

/**
 * Is every host port that machines are reached by free, or held by a machine of the fleet that gives it back? Machines that
 * go are taken away before anything else happens, one that is changed lets go of a port before another one takes it, and one
 * that is left as it is never does. And is the address that it is bound to one of this host?
 */
final class PortCheck {

    private final Map<String, Claim> claims = new TreeMap<>();
    private final Set<String> left;
    private final Set<String> addresses;
    private final HeldPorts held;
    private final PortHolders holders;
    private final Problems problems;

    private PortCheck(Collection<Claim> claims, Set<String> left, ObservedFleet observed, HostCapacity host,
            Problems problems) {
        claims.forEach(claim -> this.claims.put(claim.name(), claim));
        this.left = left;
        this.addresses = host.addresses();
        this.held = new HeldPorts(host.listening());
        this.holders = new PortHolders(observed);
        this.problems = problems;
    }

    static void run(Collection<Claim> claims, Set<String> left, ObservedFleet observed, HostCapacity host,
            Problems problems) {
        if (!host.listening().isEmpty() || !host.addresses().isEmpty()) {
            PortCheck check = new PortCheck(claims, left, observed, host, problems);
            claims.forEach(check::check);
        }
    }

    private void check(Claim claim) {
        List<PortForward> ports = claim.spec().network().ports();
        for (int i = 0; i < ports.size(); i++) {
            PortForward port = ports.get(i);
            String item = "[" + i + "]";
            List<ListeningPort> inTheWay = held.inTheWayOf(port).toList();
            elsewhere(claim, port, inTheWay)
                    .or(() -> inTheWay.stream()
                            .flatMap(other -> problem(claim, port, other).stream())
                            .findFirst())
                    .ifPresent(problem -> problems.add(claim.placed(problem, "ports", item)));
        }
    }

    private Optional<Diagnostic> problem(Claim claim, PortForward port, ListeningPort held) {
        Optional<String> machine = holders.machine(held);
        if (machine.isEmpty()) {
            return Optional.of(taken(port, holder(held) + " listens on " + held));
        }
        Optional<Claim> other = Optional.ofNullable(claims.get(machine.get()));
        if (machine.get().equals(claim.name())) {
            return Optional.empty();
        }
        if (left.contains(machine.get())) {
            return Optional.of(taken(port, "`" + machine.get() + "` has it and keeps it"));
        }
        if (other.isEmpty()) {
            return Optional.empty();
        }
        boolean keeps = other.get().spec().network().ports().stream().anyMatch(p -> ListeningPort.overlap(p, port));
        if (keeps) {
            return Optional.of(taken(port, "`" + machine.get() + "` has it and keeps it"));
        }
        return holders.isKnown(machine.get()) ? Optional.empty() : Optional.of(moves(claim, port, machine.get()));
    }

    /** What a machine has already it keeps, also when the address has gone since; it is missed at the next boot. */
    private Optional<Diagnostic> elsewhere(Claim claim, PortForward port, List<ListeningPort> inTheWay) {
        String address = port.hostAddress();
        boolean isHere = addresses.isEmpty() || addresses.contains(address) || address.equals("0.0.0.0")
                || address.startsWith("127.");
        boolean has = left.contains(claim.name()) || inTheWay.stream()
                .anyMatch(there -> holders.machine(there).filter(claim.name()::equals).isPresent());
        return isHere || has ? Optional.empty()
                : Optional.of(Diagnostic
                        .error(Code.HOST_ADDRESS_MISSING, "host port " + text(port) + " is bound to an address that no"
                                + " network interface of this host has")
                        .why("nobody can listen there: the machine would not start")
                        .fix("use one of " + addresses.stream().sorted().collect(Collectors.joining(", "))
                                + ", or 0.0.0.0 for all of them"));
    }

    private static Diagnostic taken(PortForward port, String who) {
        return Diagnostic.error(Code.HOST_PORT_TAKEN, "host port " + text(port) + " is taken: " + who)
                .why("a host port can be listened on once: the machine would not start")
                .fix("end what holds it, or take another host port");
    }

    private static Diagnostic moves(Claim claim, PortForward port, String from) {
        return new Diagnostic(Code.HOST_PORT_TAKEN, Severity.WARNING, Optional.empty(),
                "host port " + text(port) + " moves from `" + from + "` to `" + claim.name()
                        + "`, which may come first",
                "`" + from + "` has lost its record, so nobody knows what it is to let go of first",
                "apply again if it fails, or take the port from `" + from + "` in an apply before", List.of());
    }

    private static String text(PortForward port) {
        return port.hostAddress() + ":" + port.hostPort() + "/" + port.protocol();
    }

    private static String holder(ListeningPort held) {
        return held.holder()
                .map(holder -> holder.machine()
                        .map(machine -> "machine `" + machine + "` (pid " + holder.pid() + ")")
                        .orElse(holder.program() + " (pid " + holder.pid() + ")"))
                .orElse("another process");
    }
}

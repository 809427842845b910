package dev.provision.planner.capacity;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

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
 * that is left as it is never does.
 */
final class PortCheck {

    private final Map<String, Claim> claims = new TreeMap<>();
    private final Set<String> left;
    private final HeldPorts held;
    private final PortHolders holders;
    private final Problems problems;

    private PortCheck(Collection<Claim> claims, Set<String> left, ObservedFleet observed, List<ListeningPort> listening,
            Problems problems) {
        claims.forEach(claim -> this.claims.put(claim.name(), claim));
        this.left = left;
        this.held = new HeldPorts(listening);
        this.holders = new PortHolders(observed);
        this.problems = problems;
    }

    static void run(Collection<Claim> claims, Set<String> left, ObservedFleet observed, List<ListeningPort> listening,
            Problems problems) {
        if (!listening.isEmpty()) {
            PortCheck check = new PortCheck(claims, left, observed, listening, problems);
            claims.forEach(check::check);
        }
    }

    private void check(Claim claim) {
        List<PortForward> ports = claim.spec().network().ports();
        for (int i = 0; i < ports.size(); i++) {
            PortForward port = ports.get(i);
            String item = "[" + i + "]";
            held.inTheWayOf(port)
                    .flatMap(other -> problem(claim, port, other).stream())
                    .findFirst()
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

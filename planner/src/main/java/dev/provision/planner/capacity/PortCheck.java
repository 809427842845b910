package dev.provision.planner.capacity;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.provision.planner.host.ListeningPort;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Severity;
import dev.provision.schema.fleet.PortForward;

/**
 * Is every host port that machines are reached by free, or held by a machine of the fleet that gives it back? Machines that
 * go are taken away before anything else happens; one that runs on or boots again gives a port back at a time of its own.
 */
final class PortCheck {

    private final Map<String, Claim> claims = new TreeMap<>();
    private final ObservedFleet observed;
    private final Map<Integer, List<ListeningPort>> listening;
    private final Problems problems;

    private PortCheck(Collection<Claim> claims, ObservedFleet observed, List<ListeningPort> listening,
            Problems problems) {
        claims.forEach(claim -> this.claims.put(claim.name(), claim));
        this.observed = observed;
        this.listening = listening.stream().collect(Collectors.groupingBy(ListeningPort::port));
        this.problems = problems;
    }

    static void run(Collection<Claim> claims, ObservedFleet observed, List<ListeningPort> listening,
            Problems problems) {
        if (!listening.isEmpty()) {
            PortCheck check = new PortCheck(claims, observed, listening, problems);
            claims.forEach(check::check);
        }
    }

    private void check(Claim claim) {
        List<PortForward> ports = claim.spec().network().ports();
        for (int i = 0; i < ports.size(); i++) {
            PortForward port = ports.get(i);
            String item = "[" + i + "]";
            listening.getOrDefault(port.hostPort(), List.of())
                    .stream()
                    .filter(held -> held.isInTheWayOf(port))
                    .flatMap(held -> problem(claim, port, held).stream())
                    .findFirst()
                    .ifPresent(problem -> problems.add(claim.placed(problem, "ports", item)));
        }
    }

    private Optional<Diagnostic> problem(Claim claim, PortForward port, ListeningPort held) {
        Optional<String> machine = machine(held);
        if (machine.isEmpty()) {
            return Optional.of(taken(port, holder(held) + " listens on " + held));
        }
        Optional<Claim> other = Optional.ofNullable(claims.get(machine.get()));
        if (machine.get().equals(claim.name()) || other.isEmpty()) {
            return Optional.empty();
        }
        boolean keeps = other.get().spec().network().ports().stream().anyMatch(p -> ListeningPort.overlap(p, port));
        return Optional.of(keeps ? taken(port, "`" + machine.get() + "` has it and keeps it")
                : moves(claim, port, machine.get()));
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
                "machines are changed at the same time: `" + claim.name() + "` fails while `" + from + "` has the port",
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

    /** The machine of this fleet whose VMM holds the port: by who the holder is, else by what was applied last. */
    private Optional<String> machine(ListeningPort held) {
        if (held.holder().isEmpty()) {
            return observed.machines()
                    .values()
                    .stream()
                    .filter(there -> holds(there, held))
                    .map(ObservedMachine::name)
                    .findFirst();
        }
        ListeningPort.Holder holder = held.holder().get();
        String prefix = observed.fleet() + "/";
        Optional<String> named = holder.machine()
                .filter(machine -> machine.startsWith(prefix))
                .map(machine -> machine.substring(prefix.length()));
        return named.isPresent() ? named
                : observed.machines()
                        .values()
                        .stream()
                        .filter(there -> pid(there.state()).equals(OptionalLong.of(holder.pid())))
                        .map(ObservedMachine::name)
                        .findFirst();
    }

    private static boolean holds(ObservedMachine there, ListeningPort held) {
        return pid(there.state()).isPresent() && there.applied()
                .filter(spec -> spec.network()
                        .ports()
                        .stream()
                        .anyMatch(port -> held.isInTheWayOf(port) && port.hostAddress().equals(held.address())))
                .isPresent();
    }

    private static OptionalLong pid(MachineState state) {
        return switch (state) {
            case MachineState.Running running -> OptionalLong.of(running.pid());
            case MachineState.Unresponsive mute -> OptionalLong.of(mute.pid());
            case MachineState.Orphan orphan -> OptionalLong.of(orphan.pid());
            case MachineState.Completed _,MachineState.Stopped _,MachineState.Dead _,MachineState.Created _,MachineState.Broken _ ->
                OptionalLong.empty();
        };
    }
}

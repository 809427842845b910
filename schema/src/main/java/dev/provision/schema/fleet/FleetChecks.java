package dev.provision.schema.fleet;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.fleet.PortForward.Protocol;

/** Checks what concerns several machines of a fleet: ports and dependencies. */
final class FleetChecks {

    private record HostPort(int port, Protocol protocol) {}

    private record Claim(FleetMachine machine, PortForward port) {

        /** Where the port is written; {@code last}: the last time, of several in one list. */
        Span place(boolean last) {
            List<PortForward> ports = machine.spec().network().ports();
            return machine.origin().at("ports", "[" + (last ? ports.lastIndexOf(port) : ports.indexOf(port)) + "]");
        }
    }

    /** Who wants one port, by address. The wildcard address takes the port on every address. */
    private static final class Claims {

        private static final String EVERY_ADDRESS = "0.0.0.0";

        private final Map<String, Claim> byAddress = new LinkedHashMap<>();

        /** Returns the first one that collides with this one. */
        Optional<Claim> add(Claim claim) {
            String address = claim.port().hostAddress();
            Claim same = byAddress.get(address);
            Claim other = same != null ? same
                    : address.equals(EVERY_ADDRESS) && !byAddress.isEmpty() ? byAddress.values().iterator().next()
                            : byAddress.get(EVERY_ADDRESS);
            byAddress.putIfAbsent(address, claim);
            return Optional.ofNullable(other);
        }
    }

    private final SortedMap<String, FleetMachine> machines;
    private final Set<String> networks;
    private final Problems problems;

    FleetChecks(SortedMap<String, FleetMachine> machines, Set<String> networks, Problems problems) {
        this.machines = machines;
        this.networks = networks;
        this.problems = problems;
    }

    void run() {
        checkPorts();
        machines.values().forEach(this::checkNetworks);
        checkConditions();
        new DependencyCycles(machines, problems).check();
    }

    private void checkPorts() {
        Map<HostPort, Claims> claims = new HashMap<>();
        for (FleetMachine machine : machines.values()) {
            for (PortForward port : machine.spec().network().ports()) {
                claims.computeIfAbsent(new HostPort(port.hostPort(), port.protocol()), key -> new Claims())
                        .add(new Claim(machine, port))
                        .ifPresent(other -> reportPort(machine, port, other));
            }
        }
    }

    /** In terms of entries: a hundred replicas with one port are one mistake. */
    private void reportPort(FleetMachine machine, PortForward port, Claim claim) {
        boolean replicas = machine.entry().equals(claim.machine().entry())
                && !machine.spec().name().equals(claim.machine().spec().name());
        String takers = machine.entry().equals(claim.machine().entry())
                ? (replicas ? "to every machine of `" : "twice to `") + machine.entry() + "`"
                : "to both `" + claim.machine().entry() + "` and `" + machine.entry() + "`";
        Span place = new Claim(machine, port).place(true);
        Diagnostic problem = Diagnostic
                .error(Code.PORT_CONFLICT, place,
                        "host port " + port.hostPort() + "/" + port.protocol() + " is forwarded " + takers)
                .why("a host port can be listened on once")
                .fix(replicas ? "give each machine its own entry, or leave `ports` out of an entry with `count`"
                        : "take another host port for one of them");
        Span other = claim.place(false);
        problems.add(other.equals(place) ? problem
                : problem.related(other, "`" + claim.machine().entry() + "` has it here"));
    }

    private void checkNetworks(FleetMachine machine) {
        List<String> names = machine.spec().network().fleetNetworks();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (!networks.contains(name)) {
                problems.add(Diagnostic
                        .error(Code.UNKNOWN_NETWORK, machine.origin().at("networks", "[" + i + "]"),
                                "no network is called `" + name + "`")
                        .why("machines meet on networks of their fleet")
                        .fix(Suggestion.text(name, networks, "define it under `networks:`")));
            }
        }
    }

    private void checkConditions() {
        for (FleetMachine machine : machines.values()) {
            machine.spec().dependsOn().forEach((name, condition) -> {
                FleetMachine target = machines.get(name);
                if (target != null && condition == Condition.COMPLETED && !target.spec().isJob()) {
                    problems.add(neverCompletes(machine, target));
                }
            });
        }
    }

    private static Diagnostic neverCompletes(FleetMachine machine, FleetMachine target) {
        return Diagnostic
                .error(Code.UNREACHABLE_CONDITION, machine.origin().at("dependsOn", target.entry()),
                        "`" + target.entry() + "` never completes: it is no batch job")
                .why("only a machine with `run.restart: never` ends by itself")
                .fix("wait for `ready`, or set `run.restart: never` on " + target.entry())
                .related(target.origin().name(), "it is defined here");
    }
}

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
import dev.provision.schema.fleet.PortForward.Protocol;

/** Checks what concerns several machines of a fleet: ports, dependencies, and what others check. */
final class FleetChecks {

    private record HostPort(int port, Protocol protocol) {}

    /** A machine's port, the one with this index. */
    private record Claim(FleetMachine machine, int index, PortForward port) {

        Span place() {
            return machine.origin().item("ports", index);
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
        NetworkChecks membership = new NetworkChecks(problems);
        machines.values().forEach(machine -> membership.checkMembership(machine, networks));
        new DeviceChecks(problems).check(machines.values());
        checkConditions();
        new DependencyCycles(machines, problems).check();
    }

    private void checkPorts() {
        Map<HostPort, Claims> claims = new HashMap<>();
        for (FleetMachine machine : machines.values()) {
            List<PortForward> ports = machine.spec().network().ports();
            for (int i = 0; i < ports.size(); i++) {
                Claim claim = new Claim(machine, i, ports.get(i));
                claims.computeIfAbsent(new HostPort(claim.port.hostPort(), claim.port.protocol()), key -> new Claims())
                        .add(claim)
                        .ifPresent(other -> reportPort(claim, other));
            }
        }
    }

    /** In terms of entries: a hundred replicas with one port are one mistake. */
    private void reportPort(Claim claim, Claim other) {
        String entry = claim.machine.entry();
        boolean replicas = entry.equals(other.machine.entry())
                && !claim.machine.spec().name().equals(other.machine.spec().name());
        String takers = entry.equals(other.machine.entry())
                ? (replicas ? "to every machine of `" : "twice to `") + entry + "`"
                : "to both `" + other.machine.entry() + "` and `" + entry + "`";
        Diagnostic problem = Diagnostic
                .error(Code.PORT_CONFLICT, claim.place(),
                        "host port " + claim.port.hostPort() + "/" + claim.port.protocol() + " is forwarded " + takers)
                .why("a host port can be listened on once")
                .fix(replicas ? "give each machine its own entry, or leave `ports` out of an entry with `count`"
                        : "take another host port for one of them");
        problems.add(claim.place().equals(other.place())
                ? problem.related(other.machine.origin().name(), "`" + other.machine.entry() + "` is here")
                : problem.related(other.place(), "`" + other.machine.entry() + "` takes it here"));
    }

    private void checkConditions() {
        for (FleetMachine machine : machines.values()) {
            machine.spec().dependsOn().forEach((name, condition) -> {
                FleetMachine target = machines.get(name);
                if (target != null && condition == Condition.COMPLETED && !target.spec().isJob()
                        && target.origin().isSound("run")) {
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

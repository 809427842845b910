package dev.provision.schema.fleet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.fleet.PortForward.Protocol;

/** Checks what concerns several machines of a fleet: ports and dependencies. */
final class FleetChecks {

    private record HostPort(int port, Protocol protocol) {}

    /** A machine's port, the one with this index. */
    private record Claim(FleetMachine machine, int index, PortForward port) {

        Span place() {
            return machine.origin().item("ports", index);
        }

        /** The wildcard address takes the port on every address. */
        boolean collidesWith(PortForward other) {
            return port.hostAddress().equals(other.hostAddress()) || port.hostAddress().equals("0.0.0.0")
                    || other.hostAddress().equals("0.0.0.0");
        }
    }

    private final SortedMap<String, FleetMachine> machines;
    private final Problems problems;

    FleetChecks(SortedMap<String, FleetMachine> machines, Problems problems) {
        this.machines = machines;
        this.problems = problems;
    }

    void run() {
        checkPorts();
        checkConditions();
        new DependencyCycles(machines, problems).check();
    }

    private void checkPorts() {
        Map<HostPort, List<Claim>> claims = new HashMap<>();
        for (FleetMachine machine : machines.values()) {
            List<PortForward> ports = machine.spec().ports();
            for (int i = 0; i < ports.size(); i++) {
                Claim claim = new Claim(machine, i, ports.get(i));
                List<Claim> others = claims.computeIfAbsent(new HostPort(claim.port.hostPort(), claim.port.protocol()),
                        key -> new ArrayList<>());
                others.stream()
                        .filter(other -> other.collidesWith(claim.port))
                        .findFirst()
                        .ifPresent(other -> reportPort(claim, other));
                others.add(claim);
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

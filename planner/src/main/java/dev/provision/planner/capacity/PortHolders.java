package dev.provision.planner.capacity;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import dev.provision.planner.host.ListeningPort;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.PortForward.Protocol;

/** Which machine of the fleet holds a port: told by who the holder is, else by what was applied last. */
final class PortHolders {

    private record Key(Protocol protocol, int port, String address) {}

    private final String prefix;
    private final Map<Long, String> byPid = new HashMap<>();
    private final Map<Key, String> byApplied = new HashMap<>();

    private final Set<String> known = new HashSet<>();

    PortHolders(ObservedFleet observed) {
        this.prefix = observed.fleet() + "/";
        for (ObservedMachine machine : observed.machines().values()) {
            OptionalLong pid = pid(machine.state());
            if (pid.isPresent()) {
                byPid.putIfAbsent(pid.getAsLong(), machine.name());
                machine.applied().ifPresent(spec -> {
                    known.add(machine.name());
                    spec.network().ports().forEach(port -> byApplied.putIfAbsent(key(port), machine.name()));
                });
            }
        }
    }

    private static Key key(PortForward port) {
        return new Key(port.protocol(), port.hostPort(), port.hostAddress());
    }

    /** The machine of this fleet whose VMM holds the port. */
    Optional<String> machine(ListeningPort held) {
        if (held.holder().isEmpty()) {
            return Optional.ofNullable(byApplied.get(new Key(held.protocol(), held.port(), held.address())));
        }
        ListeningPort.Holder holder = held.holder().get();
        return holder.machine()
                .filter(machine -> machine.startsWith(prefix))
                .map(machine -> machine.substring(prefix.length()))
                .or(() -> Optional.ofNullable(byPid.get(holder.pid())));
    }

    /** Its record tells what it holds. */
    boolean isKnown(String machine) {
        return known.contains(machine);
    }

    private static OptionalLong pid(MachineState state) {
        return switch (state) {
            case MachineState.Running running -> OptionalLong.of(running.pid());
            case MachineState.Paused paused -> OptionalLong.of(paused.pid());
            case MachineState.Unresponsive mute -> OptionalLong.of(mute.pid());
            case MachineState.Orphan orphan -> OptionalLong.of(orphan.pid());
            case MachineState.Completed _,MachineState.Stopped _,MachineState.Dead _,MachineState.Created _,MachineState.Broken _ ->
                OptionalLong.empty();
        };
    }
}

package dev.provision.schema.fleet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Span;

/** Checks that a network has room for all who are on it, and the addresses that a manifest fixes. */
final class AddressChecks {

    /** A machine's place on a network, and where it is written. */
    private record Use(FleetMachine machine, FleetLink link, int number) {

        Span place() {
            return machine.origin().item("networks", number);
        }

        /** Empty where none is fixed, or it is no address. */
        String address() {
            boolean sound = machine.origin().isSound("networks", "[" + number + "]", "address");
            return link.address().filter(written -> sound).orElse("");
        }
    }

    private final SortedMap<String, FleetNetwork> networks;
    private final Problems problems;

    AddressChecks(SortedMap<String, FleetNetwork> networks, Problems problems) {
        this.networks = networks;
        this.problems = problems;
    }

    void check(Collection<FleetMachine> machines) {
        SortedMap<String, List<Use>> uses = new TreeMap<>();
        for (FleetMachine machine : machines) {
            List<FleetLink> links = machine.spec().network().fleetNetworks();
            for (int i = 0; i < links.size(); i++) {
                uses.computeIfAbsent(links.get(i).network(), name -> new ArrayList<>())
                        .add(new Use(machine, links.get(i), i));
            }
        }
        uses.forEach((name, all) -> Optional.ofNullable(networks.get(name)).ifPresent(network -> {
            checkRoom(name, network, all);
            checkFixed(name, network, all);
        }));
    }

    private void checkRoom(String name, FleetNetwork network, List<Use> uses) {
        if (uses.size() > network.room()) {
            Use beyond = uses.get((int) network.room());
            String subnet = network.subnet().orElse("a subnet that is chosen (/" + FleetNetwork.CHOSEN_PREFIX + ")");
            problems.add(Diagnostic
                    .error(Code.OUT_OF_RANGE, beyond.place(), "network `" + name + "` has " + uses.size()
                            + " machines, and " + subnet + " has room for " + network.room())
                    .why("its first address names the network, the second is kept for the host, the last one reaches all")
                    .fix("give `" + name + "` a subnet with a shorter prefix, or spread the machines over networks"));
        }
    }

    private void checkFixed(String name, FleetNetwork network, List<Use> uses) {
        Map<String, Use> taken = new HashMap<>();
        for (Use use : uses) {
            String address = use.address();
            if (!address.isEmpty()) {
                checkInside(name, network, address, use);
                Use other = taken.putIfAbsent(address, use);
                if (other != null) {
                    reportTwice(address, other, use);
                }
            }
        }
    }

    private void checkInside(String name, FleetNetwork network, String address, Use use) {
        if (network.subnet().isEmpty()) {
            problems.add(Diagnostic
                    .error(Code.CONFLICTING_KEYS, use.place(),
                            "`" + address + "` is fixed on network `" + name + "`, which has no subnet")
                    .why("the subnet that is chosen for it would not have this address")
                    .fix("give `" + name + "` a subnet"));
            return;
        }
        network.subnet()
                .flatMap(Subnet::of)
                .filter(subnet -> !subnet.hasRoomFor(address))
                .ifPresent(subnet -> problems
                        .add(Diagnostic
                                .error(Code.OUT_OF_RANGE, use.place(),
                                        "`" + address + "` cannot be the address of a machine on network `" + name
                                                + "`")
                                .why("machines of " + subnet + " have " + subnet.machine(0) + " to "
                                        + subnet.machine(subnet.room() - 1) + "; " + subnet.host()
                                        + " is kept for the host")
                                .fix("take one of these, or leave `address` out: then one is chosen")));
    }

    private void reportTwice(String address, Use first, Use second) {
        boolean replicas = first.place().equals(second.place());
        Diagnostic problem = Diagnostic
                .error(Code.CONFLICTING_KEYS, second.place(), replicas
                        ? "every machine of `" + second.machine().entry() + "` would have the address " + address
                        : "both `" + first.machine().entry() + "` and `" + second.machine().entry()
                                + "` would have the address " + address)
                .why("an address is one machine's")
                .fix(replicas ? "leave `address` out of an entry with `count`" : "take another one for one of them");
        problems.add(replicas ? problem : problem.related(first.place(), "the first one is here"));
    }
}

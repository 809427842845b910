package dev.provision.planner.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.FleetLink;
import dev.provision.schema.fleet.FleetMachine;

/**
 * Would two machines have one address? A manifest that fixes one twice is refused when it is read; here it is one that a machine
 * keeps, because it ignores changes of its networks, and that the manifest fixes for another.
 */
final class AddressClashes {

    private AddressClashes() {}

    /**
     * @param machines
     *            as they will be, with all that they keep
     */
    static void check(SortedMap<String, FleetMachine> machines, Problems problems) {
        Map<String, String> holders = new HashMap<>();
        machines.forEach((name, machine) -> machine.spec().network().fleetNetworks().forEach(link -> {
            String holder = link.address().map(address -> holders.putIfAbsent(key(link, address), name)).orElse(null);
            if (holder != null) {
                problems.add(clash(machine, machines.getOrDefault(holder, machine), link));
            }
        }));
    }

    private static String key(FleetLink link, String address) {
        return link.network() + "/" + address;
    }

    private static Diagnostic clash(FleetMachine one, FleetMachine other, FleetLink link) {
        List<FleetMachine> both = List.of(one, other);
        Optional<FleetMachine> keeper = both.stream()
                .filter(machine -> machine.spec().lifecycle().ignoreChanges().contains("networks"))
                .findFirst();
        FleetMachine shown = both.stream()
                .filter(machine -> keeper.filter(machine::equals).isEmpty())
                .findFirst()
                .orElse(one);
        return Diagnostic
                .error(Code.CONFLICTING_KEYS, shown.origin().at("networks"),
                        "both `" + other.spec().name() + "` and `" + one.spec().name() + "` would have the address "
                                + link.address().orElse("") + " on network `" + link.network() + "`")
                .why(keeper.map(machine -> "`" + machine.spec().name()
                        + "` ignores changes of its networks, and keeps the address that it has")
                        .orElse("an address is one machine's"))
                .fix("write another address for `" + shown.entry()
                        + "`, or take `networks` out of `ignoreChanges` of the other");
    }
}

package dev.provision.planner.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import dev.provision.planner.Specs;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetNetwork;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Segment;
import dev.provision.schema.fleet.Subnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Subnets and addresses on networks of a fleet, and what changes of them do. */
class AddressingTest {

    private static final String LAB = "networks: {lab: {subnet: 10.77.0.0/24}}\n";

    @Test
    void aChangeOfTheBridgeRestartsWhoIsOnItAndKeepsAddresses() {
        String machines = "machines: {a: {networks: [lab]}}";
        Plan before = plan(LAB + machines, Specs.observed());
        Plan after = plan("networks: {lab: {subnet: 10.77.0.0/24, bridge: br-lab}}\n" + machines, after(before));
        MachineChange change = change(after, "a");
        assertEquals(List.of("networks.lab.bridge none → br-lab RESTART"),
                change.fields()
                        .stream()
                        .map(one -> one.path() + " " + one.before() + " → " + one.after() + " " + one.disruption())
                        .toList());
        assertEquals(segment(before, "a", "lab"), segment(after, "a", "lab"));
        assertEquals(List.of(), change(plan("networks: {lab: {subnet: 10.77.0.0/24, bridge: br-lab}}\n" + machines,
                after(after)), "a").fields());
    }

    private static Plan plan(String text, ObservedFleet observed) {
        Plan plan = Planner.converge(Specs.fleet(text), observed, Specs.host(128, 256));
        assertEquals(List.of(), plan.problems());
        return plan;
    }

    private static MachineChange change(Plan plan, String machine) {
        return plan.changes().stream().filter(one -> one.machine().equals(machine)).findFirst().orElseThrow();
    }

    private static Segment segment(Plan plan, String machine, String network) {
        return change(plan, machine).wanted()
                .orElseThrow()
                .network()
                .fleetNetworks()
                .stream()
                .filter(link -> link.network().equals(network))
                .findFirst()
                .flatMap(link -> link.segment())
                .orElseThrow();
    }

    /** All that the plan wants runs. */
    private static ObservedFleet after(Plan plan) {
        return Specs.observed(plan.changes()
                .stream()
                .flatMap(change -> change.wanted().stream())
                .map(spec -> Specs.observed(spec, Specs.running(spec)))
                .toArray(ObservedMachine[]::new));
    }

    @Test
    void everyMachineHasAnAddressOfItsOwnInTheSubnetThatEverybodyKnows() {
        Plan plan = plan("networks: {lab: {subnet: 10.77.0.0/25}}\ndefaults: {networks: [lab]}\n"
                + "machines: {w: {count: 125, resources: {cpus: 1, memory: 128MiB}}}", Specs.observed());
        SortedMap<String, String> members = segment(plan, "w-0", "lab").members();
        assertEquals(125, new HashSet<>(members.values()).size(), "all that there are");
        Subnet subnet = Subnet.of("10.77.0.0/25").orElseThrow();
        assertTrue(members.values().stream().allMatch(subnet::hasRoomFor), members.toString());
        assertFalse(members.containsValue("10.77.0.0") || members.containsValue("10.77.0.1")
                || members.containsValue("10.77.0.127"), "the network's, the host's, everybody's");
        assertEquals(members, segment(plan, "w-124", "lab").members());
        assertEquals(Optional.of("10.77.0.0/25"), Optional.of(segment(plan, "w-7", "lab").subnet()));
    }

    @Test
    void addressesDoNotDependOnWhoElseIsThere() {
        SortedMap<String, String> two = segment(
                plan(LAB + "machines: {x: {networks: [lab]}, y: {networks: [lab]}}", Specs.observed()), "x", "lab")
                .members();
        SortedMap<String, String> one = segment(plan(LAB + "machines: {y: {networks: [lab]}}", Specs.observed()), "y",
                "lab").members();
        assertEquals(two.get("y"), one.get("y"));
    }

    @Test
    void whoComesIsALiveChangeOfTheOthersAndWhoIsThereKeepsItsAddress() {
        String small = "networks: {lab: {subnet: 10.77.0.0/29}}\n";
        Plan first = plan(small + "machines: {d: {networks: [lab]}, e: {networks: [lab]}}", Specs.observed());
        ObservedFleet running = after(first);
        assertEquals(Disruption.KEEP, change(plan(small + "machines: {d: {networks: [lab]}, e: {networks: [lab]}}",
                running), "d").disruption());
        Plan second = plan(small + "defaults: {networks: [lab]}\nmachines: {a: , b: , c: , d: , e: }", running);
        Map<String, String> before = segment(first, "d", "lab").members();
        Map<String, String> now = new TreeMap<>(segment(second, "d", "lab").members());
        now.keySet().retainAll(before.keySet());
        assertEquals(before, now, "full, and yet nobody moves");
        MachineChange known = change(second, "d");
        assertEquals(Disruption.LIVE, known.disruption());
        assertEquals("networks.lab.names 2 → 5 (+ a, + b, + c)", known.fields().getFirst().path() + " "
                + known.fields().getFirst().before() + " → " + known.fields().getFirst().after());
        MachineSpec wanted = known.wanted().orElseThrow();
        assertEquals(List.of(new Step.ShareNames(wanted), new Step.SaveSpec(wanted)), known.steps());
        Plan third = plan(small + "machines: {d: {networks: [lab]}}", after(second));
        assertEquals(Disruption.LIVE, change(third, "d").disruption());
        assertEquals("1 (- a, - b, - c, - e)", change(third, "d").fields().getFirst().after());
    }

    @Test
    void joiningLeavingAndMovingTakeARestart() {
        ObservedFleet running = after(plan(LAB + "machines: {a: {networks: [lab]}}", Specs.observed()));
        assertEquals(Disruption.RESTART, change(plan(LAB + "machines: {a: {}}", running), "a").disruption());
        assertEquals(Disruption.RESTART, change(
                plan("networks: {lab: {subnet: 10.78.0.0/24}}\nmachines: {a: {networks: [lab]}}", running), "a")
                .disruption());
        assertEquals(Disruption.RESTART, change(
                plan(LAB + "machines: {a: {networks: [{name: lab, address: 10.77.0.2}]}}", running), "a")
                .disruption());
    }

    @Test
    void theAddressOfWhoLeavesIsGivenToNobodyWhileOthersAreFree() {
        String fixed = LAB + "machines: {a: {networks: [lab]}, z: {networks: [{name: lab, address: %s}]}}";
        String address = segment(plan(LAB + "machines: {b: {networks: [lab]}}", Specs.observed()), "b", "lab").members()
                .getOrDefault("b", "");
        ObservedFleet running = after(plan(fixed.formatted(address), Specs.observed()));
        Plan plan = plan(LAB + "machines: {a: {networks: [lab]}, b: {networks: [lab]}}", running);
        assertNotEquals(address, segment(plan, "a", "lab").members().get("b"));
    }

    @Test
    void subnetsThatNobodyWroteAreChosenApartAndKept() {
        String text = "networks: {one: , two: }\nmachines: {a: {networks: [one, two]}}";
        Plan plan = plan(text, Specs.observed());
        Subnet one = Subnet.of(segment(plan, "a", "one").subnet()).orElseThrow();
        Subnet two = Subnet.of(segment(plan, "a", "two").subnet()).orElseThrow();
        assertFalse(one.overlaps(two) || one.overlaps(FleetNetwork.WAY_OUT));
        assertEquals(FleetNetwork.CHOSEN_PREFIX, one.prefix());
        Fleet taken = Specs
                .fleet("networks: {one: {subnet: " + two + "}, two: }\nmachines: {a: {networks: [one, two]}}");
        Plan apart = Planner.converge(taken, Specs.observed(), Specs.host(8, 16));
        assertFalse(two.overlaps(Subnet.of(segment(apart, "a", "two").subnet()).orElseThrow()),
                "what is written goes first");
        ObservedFleet there = after(apart);
        assertEquals(segment(apart, "a", "two").subnet(), segment(plan(text, there), "a", "two").subnet(),
                "not the one of its hash, as it has one already");
    }

    @Test
    void whoIgnoresItsNetworksKeepsItsAddressForItself() {
        Plan before = plan("networks: {lab: {subnet: 10.77.0.0/29}}\nmachines: {a: {networks: [lab]}}",
                Specs.observed());
        String address = segment(before, "a", "lab").members().get("a");
        // Of the five that there is room for, all but a's are written: what a keeps must not be given to c, wherever a is written.
        for (String networks : List.of("networks: [{name: lab, address: 10.77.0.6}]", "networks: []")) {
            Plan after = plan("networks: {lab: {subnet: 10.77.0.0/29}}\nmachines: {a: {" + networks
                    + ", ignoreChanges: [networks]}, c: {count: 4, networks: [lab]}}", after(before));
            Set<String> given = new HashSet<>();
            for (int i = 0; i < 4; i++) {
                given.add(segment(after, "c-" + i, "lab").members().get("c-" + i));
            }
            assertEquals(4, given.size());
            assertFalse(given.contains(address), address + " is a's, not one of " + given);
            assertEquals(address, segment(after, "a", "lab").members().get("a"));
        }
    }

    @Test
    void anAddressThatIsKeptCannotBeFixedForAnother() {
        Plan before = plan(LAB + "machines: {a: {networks: [lab]}}", Specs.observed());
        String address = segment(before, "a", "lab").members().get("a");
        Plan after = Planner.converge(Specs.fleet(LAB + "machines: {a: {networks: [lab], ignoreChanges: [networks]},"
                + " b: {networks: [{name: lab, address: " + address + "}]}}"), after(before), Specs.host(128, 256));
        assertEquals(List.of("both `a` and `b` would have the address " + address + " on network `lab`"),
                after.problems().stream().map(Diagnostic::what).toList());
        assertEquals("`a` ignores changes of its networks, and keeps the address that it has",
                after.problems().getFirst().why());
    }
}

package dev.provision.schema.fleet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.document.Node.Mapping;

/** Checks the networks of a fleet: their subnets, and what machines say of them. */
final class NetworkChecks {

    private record Declared(String name, String text, Subnet subnet, Span place) {}

    private final Problems problems;

    NetworkChecks(Problems problems) {
        this.problems = problems;
    }

    /**
     * No host can have another one's addresses.
     *
     * @param section
     *            the manifest's networks, where their places are
     */
    void checkSubnets(Map<String, FleetNetwork> networks, Mapping section) {
        List<Declared> subnets = new ArrayList<>();
        networks.forEach((name, network) -> {
            String text = network.subnet().orElse("");
            Span place = section.spanAt(List.of(name, "subnet"));
            Subnet.of(text).ifPresent(subnet -> subnets.add(new Declared(name, text, subnet, place)));
        });
        subnets.forEach(this::checkSubnet);
        subnets.sort(Comparator.comparingLong((Declared network) -> network.subnet().first())
                .thenComparingInt(network -> network.subnet().prefix()));
        Declared widest = null;
        for (Declared network : subnets) {
            if (widest != null && widest.subnet().overlaps(network.subnet())) {
                reportOverlap(widest, network);
            } else {
                widest = network;
            }
        }
    }

    /** The host's address on a bridge is one, and must be known before the first machine is there. */
    void checkBridges(Map<String, FleetNetwork> networks, Mapping section) {
        Map<String, String> seen = new HashMap<>();
        networks.forEach((name, network) -> network.bridge().ifPresent(bridge -> {
            Span place = section.spanAt(List.of(name, "bridge"));
            if (network.subnet().isEmpty()) {
                problems.add(Diagnostic
                        .error(Code.MISSING_KEY, place, "network `" + name + "` is on a bridge, and has no `subnet`")
                        .why("a bridge is part of the host's network: which addresses it has is not chosen for it")
                        .fix("write the bridge's `subnet`, or one that the host has no route to: then the bridge is made"));
            }
            String other = seen.putIfAbsent(bridge, name);
            if (other != null) {
                problems.add(Diagnostic
                        .error(Code.CONFLICTING_KEYS, place,
                                "the networks `" + other + "` and `" + name + "` are on one bridge")
                        .why("they would be one network with two subnets")
                        .fix("give one of them another bridge, or make them one network")
                        .related(section.spanAt(List.of(other, "bridge")), "`" + other + "` is here"));
            }
        }));
    }

    private void checkSubnet(Declared network) {
        if (network.subnet().isReserved()) {
            problems.add(Diagnostic
                    .error(Code.INVALID_VALUE, network.place(),
                            "`" + network.text() + "` cannot be a network of machines")
                    .why("no host can have addresses from 0.0.0.0/8, 127.0.0.0/8, or from 224.0.0.0 on")
                    .fix("take a part of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16"));
        } else if (network.subnet().overlaps(FleetNetwork.WAY_OUT)) {
            problems.add(Diagnostic
                    .error(Code.CONFLICTING_KEYS, network.place(),
                            "`" + network.text() + "` overlaps " + FleetNetwork.WAY_OUT
                                    + ", which leads out of every machine")
                    .why("a machine has its own address, its router and its name server there")
                    .fix("take a subnet without it, such as 10.77.0.0/24"));
        } else if (network.subnet().hasHostBits()) {
            problems.add(Diagnostic
                    .error(Code.INVALID_VALUE, network.place(),
                            "`" + network.text() + "` is an address in a subnet, not a subnet")
                    .fix("write `" + network.subnet() + "`, or a longer prefix"));
        }
    }

    private void reportOverlap(Declared one, Declared other) {
        boolean inOrder = one.place().compareTo(other.place()) < 0;
        Declared first = inOrder ? one : other;
        Declared second = inOrder ? other : one;
        problems.add(Diagnostic
                .error(Code.CONFLICTING_KEYS, second.place(),
                        "the networks `" + first.name() + "` and `" + second.name() + "` overlap")
                .why("a machine on both could not tell which one an address is on")
                .fix("give one of them another subnet, or leave it out: then one is chosen")
                .related(first.place(), "`" + first.name() + "` is here"));
    }

    /** The networks of a machine are networks of its fleet, each named once. */
    void checkMembership(FleetMachine machine, Set<String> known) {
        List<String> names = machine.spec().network().networkNames();
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            Span place = machine.origin().item("networks", i);
            Integer first = seen.putIfAbsent(name, i);
            if (first != null) {
                problems.add(Diagnostic
                        .error(Code.CONFLICTING_KEYS, place, "network `" + name + "` stands twice in one list")
                        .why("a machine is on a network once")
                        .fix("remove one of the two")
                        .related(machine.origin().item("networks", first), "the first one is here"));
            } else if (!known.contains(name)) {
                problems.add(Diagnostic.error(Code.UNKNOWN_NETWORK, place, "no network is called `" + name + "`")
                        .why("machines meet on networks of their fleet")
                        .fix(Suggestion.text(name, known, "define it under `networks:`")));
            }
        }
    }
}

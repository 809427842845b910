package dev.provision.planner.plan;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetLink;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.FleetNetwork;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Segment;
import dev.provision.schema.fleet.Subnet;

/**
 * Gives the networks of a fleet their subnets and their machines addresses, where the manifest fixes none. What was given
 * stays given: a machine that is there keeps the address of its record while that is one of the subnet, and one that is not, or
 * has lost its record, the one that others were told. One that ignores changes of its networks keeps it also against the manifest.
 * Another one gets the address that the hash of its name says, or the next one that is free; so what others the manifest has, and
 * in which order, changes nobody's address.
 */
public final class Addressing {

    /** The path that {@code ignoreChanges} names. */
    private static final String NETWORKS = "networks";

    /** 10.64.0.0/10, where subnets are chosen. */
    private static final long CHOSEN_FROM = 0x0a400000L;
    private static final int CHOSEN_SUBNETS = 1 << (FleetNetwork.CHOSEN_PREFIX - 10);
    private static final long CHOSEN_SIZE = 1L << (32 - FleetNetwork.CHOSEN_PREFIX);

    private final Fleet fleet;
    private final ObservedFleet observed;

    private Addressing(Fleet fleet, ObservedFleet observed) {
        this.fleet = fleet;
        this.observed = observed;
    }

    /** The fleet, every place of a machine on a network with its address and with all who are there. */
    public static Fleet of(Fleet fleet, ObservedFleet observed) {
        return fleet.networks().isEmpty() ? fleet : new Addressing(fleet, observed).addressed();
    }

    private Fleet addressed() {
        SortedMap<String, SortedMap<String, Optional<String>>> members = new TreeMap<>();
        fleet.machines()
                .forEach((name, machine) -> machine.spec()
                        .network()
                        .fleetNetworks()
                        .forEach(link -> members.computeIfAbsent(link.network(), network -> new TreeMap<>())
                                .put(name, link.address())));
        Map<String, Subnet> subnets = subnets();
        Map<String, Segment> segments = new HashMap<>();
        members.forEach((network, all) -> Optional.ofNullable(subnets.get(network))
                .ifPresent(subnet -> segments.put(network,
                        new Segment(subnet.toString(), addresses(network, subnet, all)))));
        SortedMap<String, FleetMachine> machines = new TreeMap<>(fleet.machines());
        machines.replaceAll((name, machine) -> machine.spec().network().fleetNetworks().isEmpty() ? machine
                : new FleetMachine(machine.entry(), placed(machine.spec(), segments), machine.origin()));
        return new Fleet(fleet.name(), fleet.policy(), fleet.networks(), machines);
    }

    private MachineSpec placed(MachineSpec spec, Map<String, Segment> segments) {
        List<FleetLink> links = new ArrayList<>();
        for (FleetLink link : spec.network().fleetNetworks()) {
            Optional<Segment> segment = Optional.ofNullable(segments.get(link.network()));
            links.add(new FleetLink(link.network(),
                    segment.map(all -> all.members().get(spec.name())).or(link::address),
                    Optional.ofNullable(fleet.networks().get(link.network())).flatMap(FleetNetwork::bridge), segment));
        }
        return spec.with(spec.network().on(links));
    }

    /** Those that are written; for the others those they had, and then those that the hashes of their names say. */
    private Map<String, Subnet> subnets() {
        Map<String, Subnet> subnets = new TreeMap<>();
        fleet.networks()
                .forEach((name, network) -> network.subnet()
                        .flatMap(Subnet::of)
                        .ifPresent(subnet -> subnets.put(name, subnet)));
        for (boolean kept : new boolean[]{true, false}) {
            for (String name : fleet.networks().keySet()) {
                if (!subnets.containsKey(name)) {
                    Stream<Subnet> candidates = kept ? recorded(name).flatMap(
                            link -> link.segment().map(Segment::subnet).flatMap(Subnet::of).stream()) : chosen(name);
                    candidates.filter(one -> isChosen(one) && subnets.values().stream().noneMatch(one::overlaps))
                            .findFirst()
                            .ifPresent(subnet -> subnets.put(name, subnet));
                }
            }
        }
        return subnets;
    }

    /** What a manifest fixed once is given up with the line that fixed it. */
    private static boolean isChosen(Subnet subnet) {
        return subnet.prefix() == FleetNetwork.CHOSEN_PREFIX && subnet.first() >= CHOSEN_FROM
                && subnet.first() < CHOSEN_FROM + CHOSEN_SUBNETS * CHOSEN_SIZE;
    }

    private Stream<Subnet> chosen(String network) {
        long start = hash(fleet.name() + "/" + network);
        return Stream.iterate(0, i -> i < CHOSEN_SUBNETS, i -> i + 1)
                .map(i -> new Subnet(CHOSEN_FROM + Long.remainderUnsigned(start + i, CHOSEN_SUBNETS) * CHOSEN_SIZE,
                        FleetNetwork.CHOSEN_PREFIX));
    }

    /** The places on it that machines of this host have, by their records. */
    private Stream<FleetLink> recorded(String network) {
        return observed.machines().values().stream().flatMap(machine -> recorded(machine, network).stream());
    }

    private static Optional<FleetLink> recorded(ObservedMachine machine, String network) {
        return machine.applied()
                .flatMap(spec -> spec.network()
                        .fleetNetworks()
                        .stream()
                        .filter(link -> link.network().equals(network))
                        .findFirst());
    }

    /**
     * @param members
     *            who is on the network, with the address that is fixed
     */
    private SortedMap<String, String> addresses(String network, Subnet subnet,
            SortedMap<String, Optional<String>> members) {
        SortedMap<String, String> given = new TreeMap<>();
        Map<String, String> kept = kept(network, subnet);
        members.forEach((name, fixed) -> Optional.ofNullable(kept.get(name))
                .or(() -> fixed)
                .ifPresent(address -> given.put(name, address)));
        Set<String> taken = new HashSet<>(given.values());
        taken.addAll(kept.values());
        Set<String> leaving = new HashSet<>();
        observed.machines()
                .forEach((name, machine) -> recorded(machine, network).flatMap(FleetLink::address)
                        .filter(subnet::hasRoomFor)
                        .ifPresent(address -> {
                            if (!members.containsKey(name)) {
                                leaving.add(address);
                            } else if (!given.containsKey(name) && taken.add(address)) {
                                given.put(name, address);
                            }
                        }));
        List<Segment> told = recorded(network).flatMap(link -> link.segment().stream()).toList();
        unaddressed(members, given).forEach(name -> told.stream()
                .flatMap(segment -> Stream.ofNullable(segment.members().get(name)))
                .filter(address -> subnet.hasRoomFor(address) && !leaving.contains(address))
                .findFirst()
                .filter(taken::add)
                .ifPresent(address -> given.put(name, address)));
        unaddressed(members, given).forEach(name -> {
            String address = free(subnet, network + "/" + name, taken, leaving);
            taken.add(address);
            given.put(name, address);
        });
        return given;
    }

    /**
     * What machines keep whatever the manifest says, by their names: those that ignore changes of their networks, also where it has
     * them on this one no more.
     */
    private Map<String, String> kept(String network, Subnet subnet) {
        Map<String, String> kept = new HashMap<>();
        fleet.machines()
                .forEach((name, machine) -> Optional.ofNullable(observed.machines().get(name))
                        .filter(there -> machine.spec().lifecycle().ignoreChanges().contains(NETWORKS))
                        .flatMap(there -> recorded(there, network))
                        .flatMap(FleetLink::address)
                        .filter(subnet::hasRoomFor)
                        .ifPresent(address -> kept.put(name, address)));
        return kept;
    }

    private static List<String> unaddressed(SortedMap<String, ?> members, Map<String, String> given) {
        return members.keySet().stream().filter(name -> !given.containsKey(name)).toList();
    }

    /** Who leaves, leaves after others have come: only where nothing else is left does another one get its address. */
    private static String free(Subnet subnet, String name, Set<String> taken, Set<String> leaving) {
        long start = Long.remainderUnsigned(hash(name), subnet.room());
        for (boolean all : new boolean[]{false, true}) {
            for (long i = 0; i < subnet.room(); i++) {
                String address = subnet.machine((start + i) % subnet.room());
                if (!taken.contains(address) && (all || !leaving.contains(address))) {
                    return address;
                }
            }
        }
        throw new IllegalStateException("a network with more machines than " + subnet + " has room for was checked");
    }

    /** The first eight bytes of the SHA-256 of a text. */
    private static long hash(String text) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            // Labels and a slash: one byte each.
            text.chars().forEach(letter -> sha256.update((byte) letter));
            byte[] digest = sha256.digest();
            long first = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                first = first << Byte.SIZE | Byte.toUnsignedLong(digest[i]);
            }
            return first;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

package dev.provision.planner.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.provision.schema.fleet.FleetLink;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Segment;

/** A machine's places on networks of its fleet. Devices and addresses are given at boot; names come and go. */
final class NetworkDiff {

    private static final int MOST_NAMES = 5;

    private final MachineSpec before;
    private final MachineSpec after;
    private final Changes changes;

    NetworkDiff(MachineSpec before, MachineSpec after, Changes changes) {
        this.before = before;
        this.after = after;
        this.changes = changes;
    }

    void run() {
        changes.compareList("networks", spec -> spec.network().networkNames(), SettingsDiff.DEVICES_AT_BOOT);
        for (FleetLink link : before.network().fleetNetworks()) {
            after.network()
                    .fleetNetworks()
                    .stream()
                    .filter(other -> other.network().equals(link.network()))
                    .findFirst()
                    .ifPresent(other -> compare("networks." + link.network(), link, other));
        }
    }

    private void compare(String path, FleetLink from, FleetLink to) {
        changes.add(path + ".address", address(from), address(to),
                Effect.restart("addresses are given when a machine boots"));
        changes.add(path + ".bridge", from.bridge().orElse("none"), to.bridge().orElse("none"),
                SettingsDiff.DEVICES_AT_BOOT);
        SortedMap<String, String> known = members(from);
        SortedMap<String, String> wanted = members(to);
        if (!known.equals(wanted)) {
            changes.add(path + ".names", Integer.toString(known.size()),
                    wanted.size() + " (" + difference(known, wanted) + ")", Effect.LIVE);
        }
    }

    private static String address(FleetLink link) {
        return link.cidr().or(link::address).orElse("none");
    }

    private static SortedMap<String, String> members(FleetLink link) {
        return link.segment().map(Segment::members).orElseGet(TreeMap::new);
    }

    /** {@code + web-3 - db}; one whose address is another one is {@code web-3 moved}. */
    private static String difference(SortedMap<String, String> known, SortedMap<String, String> wanted) {
        TreeSet<String> all = new TreeSet<>(known.keySet());
        all.addAll(wanted.keySet());
        List<String> words = new ArrayList<>();
        for (String name : all) {
            Optional<String> from = Optional.ofNullable(known.get(name));
            Optional<String> to = Optional.ofNullable(wanted.get(name));
            if (!from.equals(to)) {
                words.add(from.isEmpty() ? "+ " + name : to.isEmpty() ? "- " + name : name + " moved");
            }
        }
        Stream<String> shown = words.stream().limit(MOST_NAMES);
        return String.join(", ", words.size() > MOST_NAMES
                ? Stream.concat(shown, Stream.of(words.size() - MOST_NAMES + " more")).toList()
                : shown.toList());
    }
}

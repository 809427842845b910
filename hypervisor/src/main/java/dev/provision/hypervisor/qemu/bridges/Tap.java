package dev.provision.hypervisor.qemu.bridges;

import java.util.ArrayList;
import java.util.List;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.store.NameHash;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.schema.fleet.FleetLink;
import dev.provision.schema.fleet.MachineSpec;

/**
 * The host's end of a machine's device on a bridge. It is not persistent: the VMM's keeper makes it as root and hands it over open, so
 * that it is there as long as the VMM is, however that ends.
 *
 * @param name
 *            14 bytes, of which a network device of Linux has 15 at most
 * @param alias
 *            says whose it is (ip-link(8), {@code alias})
 * @param bridge
 *            what it joins
 * @param descriptor
 *            by which the VMM has it open
 */
public record Tap(String name, String alias, String bridge, int descriptor) {

    static final String PREFIX = "pv";
    private static final int HASH_BYTES = 6;

    /** Behind those of logs. */
    private static final int FIRST_DESCRIPTOR = 40;

    /** The longest path of a store that is written into an alias; that ends at 255 bytes, and a machine's name takes 127. */
    private static final String SHOWN = "[!-~]{1,100}";

    /** The descriptor of the tap of a machine's network at that place among its networks, from 0. */
    public static int descriptor(int place) {
        return FIRST_DESCRIPTOR + place;
    }

    /** Those of a machine's networks that are on bridges. */
    static List<Tap> of(StoreLayout layout, MachineId id, MachineSpec spec) {
        List<Tap> taps = new ArrayList<>();
        List<FleetLink> links = spec.network().fleetNetworks();
        for (int place = 0; place < links.size(); place++) {
            FleetLink link = links.get(place);
            int descriptor = descriptor(place);
            link.bridge()
                    .ifPresent(bridge -> taps
                            .add(new Tap(name(layout, id, link.network()), alias(layout, id), bridge, descriptor)));
        }
        return List.copyOf(taps);
    }

    static String alias(StoreLayout layout, MachineId id) {
        return mark(layout) + " " + id;
    }

    /** The alias of what is the store's: its path, or the hash that its folder of sockets is called by. */
    static String mark(StoreLayout layout) {
        String path = layout.roots().getFirst().toString();
        return "provision " + (path.matches(SHOWN) ? path : layout.socketRoot().getFileName());
    }

    private static String name(StoreLayout layout, MachineId id, String network) {
        return PREFIX + NameHash.hex(layout.roots().getFirst() + "\0" + id + "\0" + network, HASH_BYTES);
    }
}

package dev.provision.hypervisor.qemu.bridges;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.hypervisor.store.StoreTurn;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.schema.fleet.FleetLink;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Segment;
import dev.provision.schema.fleet.Subnet;

/**
 * The bridges that machines are on. One that is there is its administrator's and stays as it is; one that is not is made, with an
 * alias that says whose it is, and removed by who finds it empty. Nothing else is kept about them.
 *
 * <p>
 * What comes and goes at the same time takes its turns, also that of other commands on the same store. Two stores whose fleets
 * name the same bridge do not know of each other.
 */
public final class Bridges {

    private static final Duration OWN_END = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(10);

    /** Starts a VMM with these taps. */
    @FunctionalInterface
    public interface Start {
        long with(List<Tap> taps) throws DriverException, IOException;
    }

    private final StoreLayout layout;
    private final NetworkDevices devices;
    private final Optional<Lack> lack;

    /**
     * @param lack
     *            why nothing of this can be done here
     */
    public Bridges(StoreLayout layout, String searchPath, Optional<Lack> lack) {
        this(layout, new NetworkDevices(Path.of("/sys/class/net"), searchPath), lack);
    }

    Bridges(StoreLayout layout, NetworkDevices devices, Optional<Lack> lack) {
        this.layout = layout;
        this.devices = devices;
        this.lack = lack;
    }

    /** Has the machine's bridges there, then starts its VMM. */
    public long join(MachineId id, MachineSpec spec, Start start)
            throws DriverException, InterruptedException, IOException {
        List<Tap> taps = Tap.of(layout, id, spec);
        if (taps.isEmpty()) {
            return start.with(taps);
        }
        if (lack.isPresent()) {
            throw failure(id, lack.get().why(), lack.get().fix());
        }
        // Held until the VMM is on them: a bridge that nobody is on yet would look as if nobody needed it.
        try (StoreTurn _ = StoreTurn.take(layout.bridgesTurn())) {
            removeTaps(id);
            for (Tap tap : taps) {
                if (devices.exists(tap.name())) {
                    throw failure(id, "there is a network device " + tap.name() + " already, which is not ours",
                            "remove it: ip link del " + tap.name());
                }
            }
            for (FleetLink link : spec.network().fleetNetworks()) {
                if (link.bridge().isPresent()) {
                    ensure(id, link.bridge().get(), link.segment().map(Segment::subnet).flatMap(Subnet::of));
                }
            }
            return start.with(taps);
        }
    }

    private void ensure(MachineId id, String bridge, Optional<Subnet> subnet)
            throws DriverException, InterruptedException, IOException {
        if (devices.exists(bridge) && !devices.isBridge(bridge)) {
            throw failure(id, bridge + " is a network device of this host, but no bridge", "name another `bridge`");
        }
        if (devices.exists(bridge) && !isOurs(bridge)) {
            return;
        }
        if (!devices.exists(bridge) && subnet.isPresent()) {
            Optional<String> other = devices.inSubnet(subnet.get(), bridge);
            if (other.isPresent()) {
                throw failure(id, "the bridge " + bridge + " cannot be made: this host has addresses of " + subnet.get()
                        + " on " + other.get() + " already",
                        "give the network another `subnet`, or name the bridge "
                                + "that has this one");
            }
        }
        try {
            if (!devices.exists(bridge)) {
                devices.change("link", "add", "name", bridge, "address", new MachineId("bridge", bridge).mac(), "type",
                        "bridge");
                devices.change("link", "set", "dev", bridge, "alias", Tap.mark(layout));
            }
            // Also of one that is there: who made it may have been killed over it.
            if (subnet.isPresent()) {
                devices.change("address", "replace", subnet.get().host() + "/" + subnet.get().prefix(), "brd", "+",
                        "dev", bridge);
            }
            devices.change("link", "set", "dev", bridge, "up");
        } catch (IOException e) {
            throw new DriverException(id + " does not start: the bridge " + bridge + " cannot be made: "
                    + e.getMessage(), "make it by hand, then apply again", e);
        }
    }

    private boolean isOurs(String bridge) {
        return devices.alias(bridge).equals(Tap.mark(layout));
    }

    /** Clears away after a machine whose VMM has ended: the bridges of ours that nobody is on any more. */
    public void leave(MachineId id) throws DriverException, InterruptedException, IOException {
        if (lack.isPresent()) {
            return; // it cannot have made any
        }
        if (taps(id).isEmpty() && abandoned().isEmpty()) {
            return; // as most have none: a store that is full or read-only keeps none of them from ending
        }
        try (StoreTurn _ = StoreTurn.take(layout.bridgesTurn())) {
            removeTaps(id);
            for (String bridge : abandoned()) {
                remove(id, bridge);
            }
        }
    }

    /** Bridges of ours that nobody is on. */
    private List<String> abandoned() throws IOException {
        List<String> found = new ArrayList<>();
        for (String device : devices.all()) {
            if (devices.isBridge(device) && isOurs(device) && devices.ports(device).isEmpty()) {
                found.add(device);
            }
        }
        return found;
    }

    private List<String> taps(MachineId id) throws IOException {
        String alias = Tap.alias(layout, id);
        return devices.all()
                .stream()
                .filter(device -> device.startsWith(Tap.PREFIX) && devices.alias(device).equals(alias))
                .toList();
    }

    /** They go with their VMM, which may take a moment; unless whoever had broken into it made them persistent. */
    private void removeTaps(MachineId id) throws DriverException, InterruptedException, IOException {
        Deadline deadline = Deadline.in(OWN_END);
        for (String device : taps(id)) {
            while (devices.exists(device) && !deadline.passed()) {
                deadline.pause(POLL);
            }
            if (devices.exists(device)) {
                remove(id, device);
            }
        }
    }

    private void remove(MachineId id, String device) throws DriverException, InterruptedException {
        try {
            devices.change("link", "del", "dev", device);
        } catch (IOException e) {
            if (devices.exists(device)) {
                throw new DriverException(id + ": the network device " + device + " cannot be removed: "
                        + e.getMessage(), "remove it as root: ip link del " + device, e);
            }
        }
    }

    private static DriverException failure(MachineId id, String why, String fix) {
        return new DriverException(id + " does not start: " + why, fix);
    }
}

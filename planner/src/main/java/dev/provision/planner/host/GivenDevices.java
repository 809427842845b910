package dev.provision.planner.host;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.schema.fleet.DeviceRequest;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.fleet.Resources;

/**
 * Can a machine have, as the host is now, the devices that it was given before? Since then the host may have begun to use one.
 * Plans that are made anew from a file or from records ask it, and the driver just before it takes them.
 */
public final class GivenDevices {

    private final List<DeviceAddress> given;
    private final Resources resources;
    private final DeviceInventory inventory;

    /**
     * @param given
     *            all that the machine has been given
     * @param resources
     *            what it asked for
     * @param inventory
     *            the host's devices as they are now. A name that it does not know was known to whoever gave the device, and
     *            counts as an address
     */
    public GivenDevices(List<DeviceAddress> given, Resources resources, DeviceInventory inventory) {
        this.given = List.copyOf(given);
        this.resources = resources;
        this.inventory = inventory;
    }

    /** Why the machine cannot have one of them now; empty when it can. */
    public Optional<Lack> obstacle(DeviceAddress address) {
        Optional<HostDevice> there = inventory.at(address);
        if (there.isEmpty()) {
            return Optional.of(new Lack("it is not there any more",
                    "put it back, or apply: a machine that asks by model or name gets another one"));
        }
        HostDevice device = there.get();
        if (device.holder().isPresent()) {
            return Optional.of(new Lack("machine " + device.holder().get() + " of another fleet has it",
                    "destroy that machine, or take the device out of its manifest and apply that"));
        }
        return device.unusable().or(() -> driven(device)).or(() -> companion(device));
    }

    private Optional<Lack> driven(HostDevice device) {
        return device.driver()
                .filter(driver -> !isNamed(device.address()))
                .map(driver -> new Lack("the host uses it by its driver " + driver,
                        "bind it to vfio-pci, or name it by its address (" + device.address()
                                + ") in the manifest and apply, which lets it be taken from the host"));
    }

    private Optional<Lack> companion(HostDevice device) {
        return device.companions()
                .stream()
                .filter(address -> !given.contains(address))
                .flatMap(address -> inventory.at(address).stream())
                .flatMap(other -> companionUse(other).stream())
                .findFirst();
    }

    private static Optional<Lack> companionUse(HostDevice other) {
        String which = other.address() + ", which is in the same IOMMU group";
        return other.holder()
                .map(holder -> new Lack("machine " + holder + " of another fleet has " + which,
                        "give the whole group to one machine"))
                .or(() -> other.driver()
                        .map(driver -> new Lack("the host uses " + which + ", by its driver " + driver,
                                "take that one from the host's driver, or give it to the machine too, by its address")));
    }

    /** A person's word for this very device lets it be taken from a driver of the host. */
    private boolean isNamed(DeviceAddress address) {
        Map<String, DeviceSelector> names = inventory.names();
        return resources.devices().stream().map(DeviceRequest::device).anyMatch(device -> switch (device) {
            case DeviceSelector.PciAddress(String written) -> written.equals(address.text());
            case DeviceSelector.PciId(String id) -> false;
            case DeviceSelector.Named(String name) -> Optional.ofNullable(names.get(name))
                    .map(meant -> meant.equals(new DeviceSelector.PciAddress(address.text())))
                    .orElse(true);
        });
    }
}

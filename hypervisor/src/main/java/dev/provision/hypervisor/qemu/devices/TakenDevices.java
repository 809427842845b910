package dev.provision.hypervisor.qemu.devices;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.pci.VfioBinding;
import dev.provision.hypervisor.qemu.vm.AfterFailure;
import dev.provision.hypervisor.store.DeviceClaims;
import dev.provision.hypervisor.store.DeviceClaims.Claim;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.StoreTurn;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.DeviceInventory;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.planner.host.GivenDevices;
import dev.provision.schema.fleet.Resources;

/**
 * Devices of the host that machines of this store have taken over. Each has a file that says whose it is and whether it was bound
 * to vfio-pci for that; it is there before anything is done to the device, so that whoever comes after a crash gives it back.
 */
public final class TakenDevices {

    private static final int ROOT = 0;

    private final MachineStore store;
    private final VfioBinding binding;
    private final DeviceClaims claims;
    private final Supplier<DeviceInventory> inventory;

    /**
     * @param inventory
     *            the host's devices as they are when it is asked
     */
    public TakenDevices(MachineStore store, VfioBinding binding, Supplier<DeviceInventory> inventory) {
        this.store = store;
        this.binding = binding;
        this.claims = new DeviceClaims(store);
        this.inventory = inventory;
    }

    /**
     * Takes devices for a machine; those that it has taken already stay as they are. When one fails, none is taken. A plan may be
     * of yesterday, and a record of last year: what the host does with them is looked at first, and nothing is taken that it uses.
     *
     * @param resources
     *            what the machine asks for: only what that names is taken from a driver of the host
     */
    public void take(MachineId id, Resources resources, List<DeviceAddress> devices)
            throws DriverException, InterruptedException, IOException {
        if (devices.isEmpty()) {
            return;
        }
        requireFree(id, resources, devices);
        try {
            for (DeviceAddress device : devices) {
                take(id, device);
            }
        } catch (DriverException | InterruptedException | IOException | RuntimeException e) {
            AfterFailure.clear(e, () -> release(id));
            throw e;
        }
    }

    private void requireFree(MachineId id, Resources resources, List<DeviceAddress> devices) throws DriverException {
        GivenDevices given = new GivenDevices(devices, resources, inventory.get());
        for (DeviceAddress device : devices) {
            Optional<Lack> obstacle = given.obstacle(device);
            if (obstacle.isPresent()) {
                throw new DriverException(id + " does not start: its device " + device + " cannot be taken: "
                        + obstacle.get().why(), obstacle.get().fix());
            }
        }
    }

    private void take(MachineId id, DeviceAddress device)
            throws DriverException, InterruptedException, IOException {
        try (StoreTurn _ = claims.turn()) {
            claim(id, device);
        }
        if (!binding.isReady(device)) {
            if (!binding.canHandOn()) {
                throw new DriverException(
                        id + " does not start: the kernel's driver vfio-pci is not loaded, which hands "
                                + device + " on",
                        "load it: modprobe vfio-pci");
            }
            claims.write(device, new Claim(id.toString(), true));
            bind(id, device);
        }
    }

    private void bind(MachineId id, DeviceAddress device) throws DriverException {
        try {
            binding.bind(device);
        } catch (IOException e) {
            String path = "/sys/bus/pci/devices/" + device;
            throw new DriverException(id + " does not start: " + device + " cannot be taken from the host: "
                    + e.getMessage(),
                    "as root see what holds it (`dmesg | tail`), or bind it by hand: echo vfio-pci > " + path
                            + "/driver_override; echo " + device + " > " + path + "/driver/unbind; echo " + device
                            + " > /sys/bus/pci/drivers_probe",
                    e);
        }
    }

    /** Of whoever had it and is gone without a word, this one takes over that it was bound: it goes back to the host some day. */
    private void claim(MachineId id, DeviceAddress device) throws DriverException, IOException {
        Optional<Claim> there = claims.of(device);
        if (there.filter(claim -> claim.owner().equals(id.toString())).isPresent()) {
            return;
        }
        if (there.filter(claim -> claims.stands(claim, device)).isPresent()) {
            throw new DriverException(
                    id + " does not start: machine " + there.get().owner() + " has its device " + device,
                    "stop or destroy that machine, or apply: another device is taken where there is one");
        }
        claims.write(device, new Claim(id.toString(), there.map(Claim::bound).orElse(false)));
    }

    /** Lets the user that a VMM runs as open devices that were taken for it; the kernel makes their nodes for root. */
    public void open(List<DeviceAddress> devices, int user) throws IOException {
        for (DeviceAddress device : devices) {
            Optional<Path> node = binding.node(device);
            if (node.isPresent()) {
                Files.setAttribute(node.get(), "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    /** Its node is root's again, where it is still there and was not. */
    private void close(DeviceAddress device) throws IOException {
        Optional<Path> node = binding.node(device);
        if (node.isPresent() && !Integer.valueOf(ROOT)
                .equals(Files.getAttribute(node.get(), "unix:uid", LinkOption.NOFOLLOW_LINKS))) {
            Files.setAttribute(node.get(), "unix:uid", ROOT, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** Gives everything back that a machine, whose VMM has ended, has taken. */
    public void release(MachineId id) throws DriverException, InterruptedException, IOException {
        for (DeviceAddress device : store.takenDevices()) {
            if (isOf(id, device)) {
                try (StoreTurn _ = claims.turn()) {
                    release(id, device);
                }
            }
        }
    }

    private boolean isOf(MachineId id, DeviceAddress device) throws IOException {
        return claims.of(device).filter(claim -> claim.owner().equals(id.toString())).isPresent();
    }

    private void release(MachineId id, DeviceAddress device) throws DriverException, IOException {
        if (isOf(id, device)) { // no other command was faster
            if (claims.of(device).filter(Claim::bound).isPresent()) {
                giveBack(id, device);
            }
            close(device);
            claims.remove(device);
        }
    }

    private void giveBack(MachineId id, DeviceAddress device) throws DriverException {
        try {
            binding.release(device);
        } catch (IOException e) {
            throw new DriverException(id + ": " + device + " cannot be given back to the host: " + e.getMessage(),
                    "run this as root, or by hand: driverctl unset-override " + device, e);
        }
    }
}

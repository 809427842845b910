package dev.provision.hypervisor.qemu.devices;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.pci.VfioBinding;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.PrivateFiles;
import dev.provision.hypervisor.store.RecordException;
import dev.provision.planner.host.DeviceAddress;

/**
 * Devices of the host that machines of this store have taken over. Each has a file that says whose it is and whether it was bound
 * to vfio-pci for that; it is there before anything is done to the device, so that whoever comes after a crash gives it back.
 */
public final class TakenDevices {

    /** Behind the machine's name: it goes back to the host's drivers in the end. */
    private static final String BOUND = " bound";

    private final MachineStore store;
    private static final int ROOT = 0;

    private final VfioBinding binding;

    public TakenDevices(MachineStore store, VfioBinding binding) {
        this.store = store;
        this.binding = binding;
    }

    /** Takes devices for a machine; those that it has taken already stay as they are. When one fails, none is taken. */
    public void take(MachineId id, List<DeviceAddress> devices) throws DriverException, IOException {
        try {
            for (DeviceAddress device : devices) {
                take(id, device);
            }
        } catch (DriverException | IOException | RuntimeException e) {
            try {
                release(id);
            } catch (DriverException | IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    private void take(MachineId id, DeviceAddress device) throws DriverException, IOException {
        if (!binding.exists(device)) {
            throw new DriverException(id + " does not start: its device " + device + " is not there any more",
                    "put it back, or apply: a machine that asks by model or name gets another one");
        }
        claim(id, device);
        if (!binding.isReady(device)) {
            if (!binding.canHandOn()) {
                throw new DriverException(
                        id + " does not start: the kernel's driver vfio-pci is not loaded, which hands "
                                + device + " on",
                        "load it: modprobe vfio-pci");
            }
            Files.writeString(store.layout().takenDevice(device), id + BOUND);
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

    private void claim(MachineId id, DeviceAddress device) throws DriverException, IOException {
        Path file = store.layout().takenDevice(device);
        PrivateFiles.makeDirectories(store.layout().takenDevices());
        try {
            Files.writeString(file, id.toString(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            String owner = owner(file);
            if (owner.equals(id.toString())) {
                return;
            }
            if (stillHas(owner, device)) {
                throw new DriverException(id + " does not start: machine " + owner + " has its device " + device,
                        "stop or destroy that machine, or apply: another device is taken where there is one");
            }
            // Whoever had it is gone without a word; that it was bound is known no more, and vfio-pci it stays.
            Files.writeString(file, id.toString());
        }
    }

    private static String owner(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8).strip();
        return text.endsWith(BOUND) ? text.substring(0, text.length() - BOUND.length()) : text;
    }

    private boolean stillHas(String owner, DeviceAddress device) {
        String[] parts = owner.split("/", -1);
        try {
            return parts.length == 2 && store.find(new MachineId(parts[0], parts[1]))
                    .filter(record -> record.devices().contains(device))
                    .isPresent();
        } catch (RecordException e) {
            return true; // nobody can tell what it has
        } catch (IllegalArgumentException e) {
            return false;
        }
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
    public void release(MachineId id) throws DriverException, IOException {
        for (DeviceAddress device : store.takenDevices()) {
            Path file = store.layout().takenDevice(device);
            try {
                String text = Files.readString(file, StandardCharsets.UTF_8).strip();
                if (text.equals(id + BOUND)) {
                    giveBack(id, device);
                }
                if (owner(file).equals(id.toString())) {
                    close(device);
                    Files.deleteIfExists(file);
                }
            } catch (NoSuchFileException e) {
                // Another command was faster.
            }
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

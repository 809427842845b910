package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.hypervisor.MachineId;
import dev.provision.planner.host.DeviceAddress;

/**
 * Which machine has which device of the host: a file for each device that is taken. It outlives machines whose records cannot be
 * read, and commands that were cut short.
 */
public final class DeviceClaims {

    /**
     * One device's.
     *
     * @param owner
     *            {@code FLEET/NAME}
     * @param bound
     *            it was bound to vfio-pci for the machine, and goes back to the host's drivers in the end
     */
    public record Claim(String owner, boolean bound) {

        /** Behind the machine's name. */
        private static final String BOUND = " bound";

        static Claim parse(String text) {
            String line = text.strip();
            return line.endsWith(BOUND) ? new Claim(line.substring(0, line.length() - BOUND.length()), true)
                    : new Claim(line, false);
        }

        private String text() {
            return owner + (bound ? BOUND : "");
        }
    }

    private final MachineStore store;

    public DeviceClaims(MachineStore store) {
        this.store = store;
    }

    /** One at a time sees and changes claims. */
    public StoreTurn turn() throws IOException, InterruptedException {
        return StoreTurn.take(store.layout().takenDevices().resolve(".lock"));
    }

    public Optional<Claim> of(DeviceAddress device) throws IOException {
        try {
            return Optional.of(Claim.parse(
                    Files.readString(store.layout().takenDevice(device), StandardCharsets.UTF_8)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** On disk when this returns: whoever comes after a crash finds the old claim or the new one. */
    public void write(DeviceAddress device, Claim claim) throws IOException {
        PrivateFiles.replace(store.layout().takenDevice(device), claim.text().getBytes(StandardCharsets.UTF_8));
    }

    public void remove(DeviceAddress device) throws IOException {
        Files.deleteIfExists(store.layout().takenDevice(device));
    }

    /**
     * The machine has it: by its record, and, while nobody can tell what that says, by the claim alone. One of a machine that is
     * gone, or that has other devices now, is dead.
     */
    public boolean stands(Claim claim, DeviceAddress device) {
        String[] parts = claim.owner().split("/", -1);
        if (parts.length != 2) {
            return false;
        }
        try {
            MachineId id = new MachineId(parts[0], parts[1]);
            Optional<MachineRecord> record = store.find(id);
            return record.isPresent() ? record.get().devices().contains(device)
                    : Files.exists(store.layout().machine(id).directory());
        } catch (RecordException e) {
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The devices that a machine has by claims alone, for who cannot read its record. */
    public List<DeviceAddress> of(MachineId id) throws IOException {
        return claimed().entrySet()
                .stream()
                .filter(claim -> claim.getValue().equals(id.toString()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Claims that stand, each with its machine, {@code FLEET/NAME}. */
    SortedMap<DeviceAddress, String> claimed() throws IOException {
        SortedMap<DeviceAddress, String> owners = new TreeMap<>();
        for (DeviceAddress device : store.takenDevices()) {
            of(device).filter(claim -> stands(claim, device)).ifPresent(claim -> owners.put(device, claim.owner()));
        }
        return owners;
    }
}

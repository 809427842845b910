package dev.provision.hypervisor.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.HostShortage;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.units.ByteSize;

/**
 * The records of all machines. Reading changes nothing; each write is whole or not at all. The record of a machine that
 * runs is there twice: one that is lost or damaged is told from its copy, for as long as its VMM runs.
 */
public final class MachineStore {

    /** Tells whether that very process runs and is the machine's VMM. */
    public interface Proof {
        boolean runs(MachineId id, ProcessIdentity process) throws IOException;
    }

    private final StoreLayout layout;
    private final RecordCopies copies;
    private final Proof proof;
    private final ConcurrentMap<MachineId, Object> writing = new ConcurrentHashMap<>();

    /** One that makes no use of copies: for who does not look at processes. */
    public MachineStore(StoreLayout layout) {
        this(layout, (_, _) -> false);
    }

    /** @param proof without which no copy of a record is used */
    public MachineStore(StoreLayout layout, Proof proof) {
        this.layout = layout;
        this.copies = new RecordCopies(layout);
        this.proof = proof;
    }

    public StoreLayout layout() {
        return layout;
    }

    /**
     * The record of a machine.
     *
     * @return empty when there is none: the machine does not exist, or its creation was cut short
     * @throws RecordException
     *             when there is one that cannot be used, and no copy of a machine that runs
     * @throws UncheckedIOException
     *             when this process may open no more files
     */
    public Optional<MachineRecord> find(MachineId id) throws RecordException {
        try {
            Optional<MachineRecord> own = read(id);
            return own.isPresent() ? own : proven(id);
        } catch (RecordException e) {
            if (e.problem() != RecordException.Problem.MALFORMED) {
                throw e;
            }
            return Optional.of(proven(id).orElseThrow(() -> e));
        }
    }

    /** There is none, or it is damaged: what {@link #find} finds all the same is the copy. */
    public boolean isLost(MachineId id) {
        try {
            return read(id).isEmpty();
        } catch (RecordException e) {
            return e.problem() == RecordException.Problem.MALFORMED;
        }
    }

    private Optional<MachineRecord> proven(MachineId id) {
        Optional<MachineRecord> copy = copies.find(id);
        Optional<ProcessIdentity> process = copy.flatMap(MachineRecord::process);
        try {
            return process.isPresent() && proof.runs(id, process.get()) ? copy : Optional.empty();
        } catch (IOException e) {
            if (HostShortage.isOfProcess(e)) {
                throw new UncheckedIOException(e);
            }
            return Optional.empty();
        }
    }

    private Optional<MachineRecord> read(MachineId id) throws RecordException {
        Path file = layout.machine(id).record();
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (HostShortage.isOfProcess(e)) {
                throw new UncheckedIOException(e); // whether there is one cannot be told: none of the answers is right
            }
            throw new RecordException(file, RecordException.Problem.UNREADABLE, e instanceof AccessDeniedException
                    ? "may not be read by this user: make it readable, or its overlay is given up"
                    : "cannot be read: " + e.getMessage(), e);
        }
        return Optional.of(RecordJson.read(id, file, content));
    }

    /** Makes the machine's directory when it is missing and replaces its record. */
    public void save(MachineRecord record) throws IOException {
        MachineFiles files = layout.machine(record.id());
        synchronized (writing(record.id())) {
            PrivateFiles.makeDirectories(files.directory());
            PrivateFiles.removeUnfinished(files.directory());
            PrivateFiles.replace(files.record(), RecordJson.write(record));
            copies.follow(record);
        }
    }

    /**
     * Changes a record; of the threads of this process one at a time, so that none undoes what another one has just written. One
     * that is known by its copy alone is there again afterwards.
     *
     * @return whether there is one
     */
    public boolean update(MachineId id, UnaryOperator<MachineRecord> change) throws IOException {
        synchronized (writing(id)) {
            Optional<MachineRecord> current = find(id);
            Optional<MachineRecord> changed = current.map(change);
            if (changed.isPresent() && (!changed.equals(current) || isLost(id))) {
                save(changed.get());
            }
            return current.isPresent();
        }
    }

    private Object writing(MachineId id) {
        return writing.computeIfAbsent(id, _ -> new Object());
    }

    /** Names of machines that have a directory, with or without a record. */
    public SortedSet<String> machines(String fleet) throws IOException {
        return names(layout.machinesDir(fleet));
    }

    /** Names of fleets that have left a trace in this store. */
    public SortedSet<String> fleets() throws IOException {
        return names(layout.fleetsDir());
    }

    /** Devices of the host that machines have taken over. */
    public List<DeviceAddress> takenDevices() throws IOException {
        return names(layout.takenDevices()).stream()
                .filter(DeviceAddress::isAddress)
                .map(DeviceAddress::new)
                .toList();
    }

    /** The devices of the host that machines of other fleets have, and which, {@code FLEET/NAME}, has each. */
    public SortedMap<DeviceAddress, String> devicesBeside(String fleet) throws IOException {
        SortedMap<DeviceAddress, String> holders = new TreeMap<>();
        new DeviceClaims(this).claimed().forEach((device, owner) -> {
            if (!owner.startsWith(fleet + "/")) {
                holders.put(device, owner);
            }
        });
        for (String other : fleets()) {
            for (String machine : other.equals(fleet) ? new TreeSet<String>() : machines(other)) {
                MachineId id = new MachineId(other, machine);
                try {
                    find(id).ifPresent(record -> record.devices()
                            .forEach(device -> holders.put(device, id.toString())));
                } catch (RecordException e) {
                    // Its own fleet's plan says so; what it has taken is known by its claims.
                }
            }
        }
        return holders;
    }

    /** Sizes of persistent disks as guests see them, by machine name. */
    public SortedMap<String, SortedMap<DiskKey, ByteSize>> storage(String fleet) throws IOException {
        Path directory = layout.storageDir(fleet);
        SortedMap<String, SortedMap<DiskKey, ByteSize>> disks = new TreeMap<>();
        sizes(directory).forEach((machine, size) -> disks.computeIfAbsent(machine, _ -> new TreeMap<>())
                .put(DiskKey.STORAGE, size));
        for (String machine : names(directory)) {
            sizes(layout.disksDir(fleet, machine)).forEach((disk, size) -> disks
                    .computeIfAbsent(machine, _ -> new TreeMap<>())
                    .put(new DiskKey(disk), size));
        }
        return disks;
    }

    /** Of the disks whose files are in a directory; empty when it is none. */
    private static SortedMap<String, ByteSize> sizes(Path directory) throws IOException {
        SortedMap<String, ByteSize> sizes = new TreeMap<>();
        for (String file : names(directory)) {
            Optional<String> name = StoreLayout.storageName(file);
            try {
                if (name.isPresent()) {
                    sizes.put(name.get(), new ByteSize(Files.size(directory.resolve(file))));
                }
            } catch (NoSuchFileException e) {
                // Removed since the directory was read: another command destroys it.
            }
        }
        return sizes;
    }

    /**
     * Removes a machine's directory and sockets, its storage only when told. What it shares with other machines of its fleet stays until
     * nobody works on the fleet any more: see {@link FleetLock#close}.
     */
    public void remove(MachineId id, boolean withStorage) throws IOException {
        MachineFiles files = layout.machine(id);
        PrivateFiles.removeTree(files.sockets());
        copies.remove(id);
        // The record first: a removal cut short leaves a machine without one, which is removed again. The overlay next:
        // without it nobody takes the rest for a machine that has lost its record.
        Files.deleteIfExists(files.record());
        Files.deleteIfExists(files.overlay());
        if (withStorage) {
            Files.deleteIfExists(files.storage());
            for (String disk : sizes(files.disks()).keySet()) {
                Files.deleteIfExists(files.persistentDisk(new DiskKey(disk)));
            }
            PrivateFiles.removeIfEmpty(files.disks());
        }
        if (Files.notExists(files.storage()) && Files.notExists(files.disks())) {
            new VmmUserIds(layout).release(id); // disks that are kept are this user's
        }
        // Last: as long as it is there, a removal cut short is done again.
        PrivateFiles.removeTree(files.directory());
    }

    /** The control groups that the machine's VMM was last put into; none where no record tells. */
    public List<Path> groups(MachineId id) {
        try {
            return find(id).map(MachineRecord::groups).orElse(List.of());
        } catch (RecordException e) {
            return List.of();
        }
    }

    private static SortedSet<String> names(Path directory) throws IOException {
        SortedSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (!name.startsWith(".")) {
                    names.add(name);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return names;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }
}

package dev.provision.hypervisor.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.provision.hypervisor.MachineId;
import dev.provision.planner.host.DeviceAddress;

/**
 * Where everything of the machine store is: the one class that knows a file's name.
 *
 * <pre>
 * STATE/fleets/FLEET/lock                          who changes the fleet now
 * STATE/fleets/FLEET/journal.jsonl                 what commands did to the fleet; .1: the one that was put aside
 * STATE/fleets/FLEET/expired/NAME.json             a machine whose time was over: when, and its entry then
 * STATE/fleets/FLEET/storage/NAME.img              persistent disk; outside the machine's directory, it survives it
 * STATE/fleets/FLEET/storage/NAME/DISK.img         named persistent disk of machine NAME; survives it too
 * STATE/fleets/FLEET/machines/NAME/machine.json    the record
 *                                 /overlay.img     writable layer over the image
 *                                 /console.log     kernel and init messages of this boot
 *                                 /console.log.1   the last 1 MiB of the boot before
 *                                 /report.log      what the guest reported in this boot
 *                                 /run.log         output of the machine's command, over all boots; cut at a start
 *                                 /attempts        how often the command was started before this boot
 *                                 /vmm.log         what QEMU wrote to its standard error in this boot
 *                                 /vmm.end         how its VMM ended in this boot
 *                                 /volumes.log     what the servers of its volumes wrote in this boot
 *                                 /settings/       fw_cfg files; may hold secrets of the environment
 * STATE/devices-taken/ADDRESS                      whose that device of the host is while a machine runs with it
 * STATE/bridges.lock                               held by who makes or removes bridges of the host
 * STATE/boot-times                                 how long boots and jobs took
 * STATE/runtime                                    RUNTIME, as of the last command that changed something
 * STATE/runtime.lock                               held by who notes that
 * STATE/plans-used/DIGEST                          when that saved plan was applied
 * STATE/vmm-users/NUMBER                           the machine whose VMM runs as that user, when root starts it
 * RUNTIME/HASH/UUID/{qmp,agent,shell,console}.sock
 *                  /volumes/NUMBER.sock            the server of that volume of the machine
 * RUNTIME/HASH/records/UUID/machine.json           a copy of the record while the machine runs; no VMM's user gets there
 * RUNTIME/HASH/volume                              empty; where each such server sees its volume, and nobody else does
 * </pre>
 *
 * <p>
 * Sockets are elsewhere and short because the path of a UNIX-domain socket ends at 107 bytes on Linux and 103 on macOS
 * ({@code sun_path} in unix(7) holds 108 and 104 with the final NUL). HASH tells apart stores that share a runtime
 * directory.
 */
public final class StoreLayout {
    /** Longest path of a socket in bytes, the smaller of Linux and macOS where this is macOS. */
    private static final int SOCKET_PATH_MAX = isMac() ? 103 : 107;

    private final Path stateDir;
    private final Path socketRoot;

    /**
     * @param stateDir
     *            holds records and disks; lives as long as the machines
     * @param runtimeDir
     *            holds sockets; may vanish with a reboot
     */
    public StoreLayout(Path stateDir, Path runtimeDir) {
        this.stateDir = stateDir.toAbsolutePath().normalize();
        this.socketRoot = runtimeDir.toAbsolutePath().normalize().resolve(shortHash(this.stateDir));
    }

    /** All files of one machine; none of them needs to exist. */
    public MachineFiles machine(MachineId id) {
        Path directory = machinesDir(id.fleet()).resolve(plain(id.name()));
        Path sockets = socketRoot.resolve(id.uuid().toString());
        return new MachineFiles(directory, directory.resolve("machine.json"), directory.resolve("overlay.img"),
                storageFile(storageDir(id.fleet()), id.name()), disksDir(id.fleet(), id.name()),
                directory.resolve("console.log"),
                directory.resolve("console.log.1"),
                directory.resolve("report.log"), directory.resolve("run.log"), directory.resolve("vmm.log"),
                directory.resolve("settings"), sockets, sockets.resolve("qmp.sock"), sockets.resolve("agent.sock"),
                sockets.resolve("shell.sock"), sockets.resolve("console.sock"));
    }

    /** End of the name of a persistent disk's file, after the machine's or the disk's name. */
    private static final String STORAGE_SUFFIX = ".img";

    /** The file of the persistent disk of that name in one of the directories that hold such. */
    static Path storageFile(Path directory, String name) {
        return directory.resolve(plain(name) + STORAGE_SUFFIX);
    }

    /** What {@link #storageFile} was given the name of; empty for other files. */
    static Optional<String> storageName(String file) {
        return file.endsWith(STORAGE_SUFFIX)
                ? Optional.of(file.substring(0, file.length() - STORAGE_SUFFIX.length()))
                : Optional.empty();
    }

    /** Where it is said which devices of the host machines have. */
    public Path takenDevices() {
        return stateDir.resolve("devices-taken");
    }

    /** Says whose that device is. */
    public Path takenDevice(DeviceAddress device) {
        return takenDevices().resolve(plain(device.text()));
    }

    public Path bridgesTurn() {
        return stateDir.resolve("bridges.lock");
    }

    Path runtimeTurn() {
        return stateDir.resolve("runtime.lock");
    }

    Path bootTimes() {
        return stateDir.resolve("boot-times");
    }

    Path runtimeNote() {
        return stateDir.resolve("runtime");
    }

    Path usedPlansDir() {
        return stateDir.resolve("plans-used");
    }

    Path usedPlan(String digest) {
        return usedPlansDir().resolve(plain(digest));
    }

    Path vmmUsersDir() {
        return stateDir.resolve("vmm-users");
    }

    Path vmmUser(int number) {
        return vmmUsersDir().resolve(Integer.toString(number));
    }

    /** Holds records and disks. */
    public Path stateDir() {
        return stateDir;
    }

    /** The two folders that hold all others: of records and disks, and of sockets. */
    public List<Path> roots() {
        return List.of(stateDir, runtimeDir());
    }

    /** Holds the sockets of this store, and maybe of others. */
    public Path runtimeDir() {
        return socketRoot.resolve("..").normalize();
    }

    /** The folders on the way from those to a machine's own files, the roots themselves among them. */
    List<Path> passages(String fleet) {
        return List.of(stateDir, fleetsDir(), fleetDir(fleet), machinesDir(fleet), storageDir(fleet), runtimeDir(),
                socketRoot);
    }

    Path fleetsDir() {
        return stateDir.resolve("fleets");
    }

    Path fleetDir(String fleet) {
        return fleetsDir().resolve(plain(fleet));
    }

    Path machinesDir(String fleet) {
        return fleetDir(fleet).resolve("machines");
    }

    Path storageDir(String fleet) {
        return fleetDir(fleet).resolve("storage");
    }

    /** No machine's name has a dot, so that this is no other machine's file. */
    Path disksDir(String fleet, String machine) {
        return storageDir(fleet).resolve(plain(machine));
    }

    /** Holds a file for each machine that has gone because its time was over. */
    Path expiredDir(String fleet) {
        return fleetDir(fleet).resolve("expired");
    }

    /** What commands did to the fleet. */
    public Path journal(String fleet) {
        return fleetDir(fleet).resolve("journal.jsonl");
    }

    /** The one before, which was put aside when it was large. */
    public Path journalBefore(String fleet) {
        return fleetDir(fleet).resolve("journal.jsonl.1");
    }

    Path lockFile(String fleet) {
        return fleetDir(fleet).resolve("lock");
    }

    /** The directory below which all sockets of this store are; part of the argv of every VMM of it. */
    public Path socketRoot() {
        return socketRoot;
    }

    /** The folders of copies of records, one for each machine that runs. */
    Path recordCopiesDir() {
        return socketRoot.resolve("records");
    }

    Path recordCopyDir(MachineId id) {
        return recordCopiesDir().resolve(id.uuid().toString());
    }

    Path recordCopy(MachineId id) {
        return recordCopyDir(id).resolve("machine.json");
    }

    /**
     * Where the server of a volume mounts its folder, in a mount namespace of its own. One for all of them, and never
     * removed: nothing that walks a machine's directories to remove them can come by.
     */
    public Path volumeMountPoint() {
        return socketRoot.resolve("volume");
    }

    /**
     * Checks that the sockets of a machine can exist.
     *
     * @throws SocketPathTooLongException
     *             when a path exceeds what the kernel takes
     */
    public void requireSocketsFit(MachineId id) throws SocketPathTooLongException {
        Path longest = machine(id).consoleSocket();
        int bytes = longest.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > SOCKET_PATH_MAX) {
            throw new SocketPathTooLongException(longest, bytes, SOCKET_PATH_MAX);
        }
    }

    /** Names come from checked manifests, but a record's directory must never leave the store whatever they are. */
    private static String plain(String name) {
        if (name.isEmpty() || name.startsWith(".") || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not a name for a directory: `" + name + "`");
        }
        return name;
    }

    private static String shortHash(Path path) {
        return NameHash.hex(path.toString(), 4);
    }

    private static boolean isMac() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("mac");
    }
}

package dev.provision.hypervisor.qemu.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.ExecResult;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.channel.UntrustedText;
import dev.provision.hypervisor.qemu.qmp.QmpException;
import dev.provision.hypervisor.qemu.vm.GuestReport;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.schema.units.ByteSize;

/**
 * Disks of a running machine. QEMU makes file and device longer in one ({@code block_resize}), so that the file is never
 * longer than what the guest can have; the guest sees it a moment later, and its own helper has the file systems follow
 * (guest contract, {@code /usr/lib/provision/grow}). Whatever was done before is not repeated, and a disk is never made
 * shorter.
 */
public final class DiskGrowth {
    private static final Duration COMMAND = Duration.ofSeconds(30);
    private static final Duration SEEN = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    /** Of terabytes, with a guest that is emulated on a busy host. */
    private static final Duration FILE_SYSTEMS = Duration.ofMinutes(10);

    private static final int SECTOR = 512;

    /** A line for each disk: its serial, and its length in sectors of 512 bytes. */
    private static final List<String> LENGTHS = List.of("sh", "-c",
            "for disk in /sys/block/vd*; do echo \"$(cat \"$disk/serial\") $(cat \"$disk/size\")\"; done");

    /**
     * A disk that is to have a size at least.
     *
     * @param name
     *            of QEMU's block node, and the serial by which the guest knows it
     */
    public record Target(String name, Path file, ByteSize size) {}

    /** Runs a command in the guest. */
    @FunctionalInterface
    public interface Guest {
        /** Empty when it has not ended by the deadline. */
        Optional<ExecResult> run(List<String> command, Deadline deadline)
                throws DriverException, InterruptedException, IOException;
    }

    private final Vm vm;
    private final Guest guest;

    public DiskGrowth(Vm vm, Guest guest) {
        this.vm = vm;
        this.guest = guest;
    }

    /**
     * Returns when devices and file systems have these sizes. A file system that the guest has unmounted grows at the
     * next boot.
     *
     * @throws DriverException
     *             when the host has no room, before anything is changed; when the machine has no such disk; when the guest
     *             does not see or does not use the new length
     */
    public void grow(List<Target> disks) throws DriverException, InterruptedException, IOException {
        Map<String, Long> lengths = devices(disks);
        requireSpace(disks);
        for (Target disk : disks) {
            if (lengths.getOrDefault(disk.name(), 0L) < disk.size().bytes()) {
                resize(disk);
            }
        }
        try {
            awaitSeen(disks);
            growFileSystems();
        } catch (DriverException e) {
            throw stoppedByHost() ? new DriverException(vm.id()
                    + ": QEMU has stopped it, because the host could not write to one of its disks", freeSpace(), e)
                    : e;
        }
    }

    /** Lengths in bytes as QEMU has them. */
    private Map<String, Long> devices(List<Target> disks) throws DriverException, InterruptedException {
        try {
            Map<String, Long> lengths = vm.monitor().disks(Deadline.in(COMMAND));
            for (Target disk : disks) {
                if (!lengths.containsKey(disk.name())) {
                    throw new DriverException(vm.id() + ": it was booted without " + disk.name(),
                            "restart the machine: disks are attached at boot");
                }
            }
            return lengths;
        } catch (QmpException e) {
            throw new DriverException(vm.id() + ": its disks cannot be seen: " + e.getMessage(),
                    "see whether it still runs, then apply again", e);
        }
    }

    /** The file may be longer than wanted by now, if only through other hands: QEMU would cut it. */
    private void resize(Target disk) throws DriverException, InterruptedException, IOException {
        long bytes = Math.max(disk.size().bytes(), length(disk.file()));
        try {
            vm.monitor().resizeDisk(disk.name(), (bytes + SECTOR - 1) / SECTOR * SECTOR, Deadline.in(COMMAND));
        } catch (QmpException e) {
            throw new DriverException(vm.id() + ": " + disk.name() + " cannot have " + disk.size() + ": "
                    + e.getMessage(),
                    "check the space and the largest file of the file system of " + disk.file().getParent()
                            + ", then apply again",
                    e);
        }
    }

    /**
     * The files are sparse, but file systems write what describes their new part at once, and QEMU stops a machine whose
     * disk cannot be written.
     */
    private void requireSpace(List<Target> disks) throws DriverException, IOException {
        long longer = 0;
        for (Target disk : disks) {
            longer += Math.max(0, disk.size().bytes() - length(disk.file()));
        }
        for (Target disk : disks) {
            Path folder = disk.file().toAbsolutePath().getParent();
            requireSpace(vm.id(), new ByteSize(longer), new ByteSize(Files.getFileStore(folder).getUsableSpace()));
        }
    }

    /** ext4 takes 1/16,384 for its maps of blocks and inodes, most of it later; its journal may not have been written yet. */
    static void requireSpace(MachineId id, ByteSize longer, ByteSize usable) throws DriverException {
        ByteSize needed = longer.bytes() == 0 ? ByteSize.ZERO : ByteSize.ofMib(16 + longer.mib() / 16_384);
        if (usable.compareTo(needed) < 0) {
            throw new DriverException(
                    id + ": its disks cannot grow by " + longer + ": the file system of their files has "
                            + ByteSize.ofMib(usable.bytes() >> 20) + " free, " + needed + " are needed at once",
                    freeSpace());
        }
    }

    private static String freeSpace() {
        return "free space on the host, then apply again";
    }

    private static long length(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** The guest's kernel is told by an interrupt, and looks when it comes to that. */
    private void awaitSeen(List<Target> disks) throws DriverException, InterruptedException, IOException {
        Deadline deadline = Deadline.in(SEEN);
        while (true) {
            Map<String, Long> seen = lengths(guest.run(LENGTHS, Deadline.in(COMMAND)));
            Optional<Target> blind = disks.stream()
                    .filter(disk -> seen.getOrDefault(disk.name(), 0L) < disk.size().bytes())
                    .findFirst();
            if (blind.isEmpty()) {
                return;
            }
            if (deadline.passed()) {
                Target disk = blind.get();
                throw new DriverException(vm.id() + ": its guest does not see that " + disk.name() + " has "
                        + disk.size() + Optional.ofNullable(seen.get(disk.name()))
                                .map(bytes -> " (it sees " + new ByteSize(bytes) + ")")
                                .orElse(" (it does not see the disk)"),
                        atBoot());
            }
            deadline.pause(POLL);
        }
    }

    private String atBoot() {
        return "look at its console, or let the next boot do it: provision restart " + vm.id().name();
    }

    /** What a guest says that is no such line is passed over: its disk counts as not seen. */
    static Map<String, Long> lengths(Optional<ExecResult> said) {
        Map<String, Long> lengths = new HashMap<>();
        said.map(result -> new String(result.stdout(), StandardCharsets.UTF_8))
                .orElse("")
                .lines()
                .filter(line -> line.matches("[a-z0-9-]+ [0-9]{1,15}"))
                .map(line -> line.split(" "))
                .forEach(words -> lengths.put(words[0], Long.parseLong(words[1]) * SECTOR));
        return lengths;
    }

    private void growFileSystems() throws DriverException, InterruptedException, IOException {
        int before = failures().size();
        Optional<ExecResult> result = guest.run(List.of("/usr/lib/provision/grow"), Deadline.in(FILE_SYSTEMS));
        if (result.isEmpty()) {
            throw new DriverException(vm.id() + ": its file systems did not grow within " + FILE_SYSTEMS.toMinutes()
                    + " minutes", atBoot());
        }
        if (result.get().exitCode() != 0) {
            List<String> said = new ArrayList<>(failures());
            String why = said.size() > before ? String.join("; ", said.subList(before, said.size()))
                    : lastLine(result.get()).orElse("exit code " + result.get().exitCode());
            throw new DriverException(vm.id() + ": its disks are longer, but the file systems on them did not grow: "
                    + why, atBoot());
        }
    }

    private List<String> failures() throws IOException {
        return GuestReport.read(vm.files().reportLog())
                .failures()
                .stream()
                .map(failure -> failure.phase() + ": " + failure.message())
                .toList();
    }

    private static Optional<String> lastLine(ExecResult result) {
        return new String(result.stderr(), StandardCharsets.UTF_8).lines()
                .map(UntrustedText::line)
                .filter(line -> !line.isBlank())
                .reduce((first, second) -> second);
    }

    /** {@code werror=enospc}, QEMU's default: the guest waits for a host that has room again. */
    private boolean stoppedByHost() throws InterruptedException {
        try {
            return vm.monitor().status(Deadline.in(COMMAND)).equals(Pauses.NO_ROOM);
        } catch (QmpException e) {
            return false; // then it is not known, and the first error stands
        }
    }
}

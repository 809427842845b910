package dev.provision.hypervisor.qemu;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.qemu.agent.AgentException;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.qmp.QmpException;
import dev.provision.hypervisor.qemu.vm.EndOfVmm;
import dev.provision.hypervisor.qemu.vm.GuestReport;
import dev.provision.hypervisor.qemu.vm.LogTail;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.schema.fleet.Disk;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Volume;
import dev.provision.schema.units.ByteSize;

/** Whether a guest that has booted shows what its spec says. */
final class GuestCheck {
    private static final String LOOK = "look at the machine's console";
    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");
    private static final Pattern MEM_FIELD = Pattern.compile("(?m)^(\\w+):\\s+([0-9]{1,15}) kB$");

    private GuestCheck() {}

    static void requireCpus(Vm vm, MachineSpec spec, GuestReport report) throws DriverException {
        int wanted = spec.resources().cpus().limit().vcpus();
        int seen = report.ready().map(GuestReport.Ready::cpus).orElse(wanted);
        if (seen != wanted) {
            throw failure(vm, "the guest sees " + seen + " vCPUs, not " + wanted);
        }
    }

    /**
     * What Linux calls MemTotal is what it has less what its kernel took at boot. With {@code deflateOnOom} the balloon's part
     * stays in it (drivers/virtio/virtio_balloon.c), since it is a reserve; what is not in the balloon is MemAvailable at most.
     */
    static void requireMemory(Vm vm, MachineSpec spec, Deadline deadline)
            throws DriverException, InterruptedException {
        ByteSize limit = spec.resources().memory().limit();
        ByteSize atBoot = atBoot(vm, deadline);
        String meminfo = read(vm, "/proc/meminfo", deadline);
        ByteSize most = spec.resources().memory().deflateOnOom() ? ByteSize.max(atBoot, limit) : limit;
        ByteSize least = most.minusOrZero(GuestMemory.kernelShare(atBoot));
        ByteSize seen = required(vm, meminfo, "MemTotal");
        if (seen.compareTo(most) > 0 || seen.compareTo(least) < 0) {
            throw failure(vm, "the guest sees " + ByteSize.ofMib(seen.mib()) + " of memory, not " + least + " to "
                    + most);
        }
        ByteSize available = required(vm, meminfo, "MemAvailable");
        if (available.compareTo(limit) > 0) {
            throw failure(vm, "the guest has " + ByteSize.ofMib(available.mib()) + " of memory available, more than "
                    + limit);
        }
    }

    private static ByteSize atBoot(Vm vm, Deadline deadline) throws DriverException, InterruptedException {
        try {
            return vm.monitor().memory(deadline).atBoot();
        } catch (QmpException e) {
            throw failure(vm, "the guest reported ready but its VMM's monitor does not answer: " + e.getMessage());
        }
    }

    private static ByteSize required(Vm vm, String meminfo, String field) throws DriverException {
        Matcher line = MEM_FIELD.matcher(meminfo);
        while (line.find()) {
            if (line.group(1).equals(field)) {
                return new ByteSize(Math.multiplyExact(Long.parseLong(line.group(2)), 1024L));
            }
        }
        throw failure(vm, "the guest's /proc/meminfo has no " + field);
    }

    /**
     * A guest that knows nothing of named disks or volumes would be ready without them, and write to where they should
     * be.
     */
    static void requireMounts(Vm vm, MachineSpec spec, Deadline deadline)
            throws DriverException, InterruptedException {
        if (spec.resources().disks().isEmpty() && spec.volumes().isEmpty()) {
            return;
        }
        String mounts = read(vm, "/proc/mounts", deadline);
        Set<String> folders = folders(mounts, words -> true);
        for (Map.Entry<String, Disk> disk : spec.resources().disks().entrySet()) {
            if (!folders.contains(disk.getValue().mount())) {
                throw failure(vm, "the guest has not mounted disk `" + disk.getKey() + "` at "
                        + disk.getValue().mount());
            }
        }
        Set<String> volumes = folders(mounts, words -> words[2].equals("virtiofs"));
        for (Volume volume : spec.volumes()) {
            if (!volumes.contains(volume.target())) {
                throw failure(vm, "the guest has not mounted the volume at " + volume.target());
            }
        }
    }

    /** Of lines of /proc/mounts: source, folder, type and options, separated by blanks. */
    private static Set<String> folders(String mounts, Predicate<String[]> which) {
        return mounts.lines()
                .map(line -> line.split(" ", 4))
                .filter(words -> words.length == 4 && which.test(words))
                .map(words -> plain(words[1]))
                .collect(Collectors.toSet());
    }

    /** Blanks, tabs, newlines and backslashes stand there as octal numbers, {@code \\040}. */
    private static String plain(String folder) {
        return ESCAPED.matcher(folder)
                .replaceAll(match -> Matcher
                        .quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 8))));
    }

    private static String read(Vm vm, String file, Deadline deadline) throws DriverException, InterruptedException {
        try {
            return vm.agent().readFile(file, deadline);
        } catch (AgentException e) {
            throw failure(vm, "the guest reported ready but its agent does not answer: " + e.getMessage());
        }
    }

    private static DriverException failure(Vm vm, String what) {
        List<String> console = LogTail.of(vm.files().consoleLog(), EndOfVmm.CONSOLE_LINES);
        return new DriverException(vm.id() + ": " + what, LOOK, console);
    }
}

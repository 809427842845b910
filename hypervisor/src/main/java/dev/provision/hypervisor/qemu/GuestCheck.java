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
    private static final Pattern MEM_TOTAL = Pattern.compile("(?m)^MemTotal:\\s+([0-9]{1,15}) kB$");

    private GuestCheck() {}

    static void requireCpus(Vm vm, MachineSpec spec, GuestReport report) throws DriverException {
        int wanted = spec.resources().cpus().limit().vcpus();
        int seen = report.ready().map(GuestReport.Ready::cpus).orElse(wanted);
        if (seen != wanted) {
            throw failure(vm, "the guest sees " + seen + " vCPUs, not " + wanted);
        }
    }

    /** What Linux calls MemTotal is what it has less what its kernel took at boot. */
    static void requireMemory(Vm vm, MachineSpec spec, Deadline deadline)
            throws DriverException, InterruptedException {
        ByteSize limit = spec.resources().memory().limit();
        ByteSize least = limit.minusOrZero(GuestMemory.kernelShare(atBoot(vm, deadline)));
        ByteSize seen = memTotal(vm, deadline);
        if (seen.compareTo(limit) > 0 || seen.compareTo(least) < 0) {
            throw failure(vm, "the guest sees " + ByteSize.ofMib(seen.mib()) + " of memory, not " + least + " to "
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

    private static ByteSize memTotal(Vm vm, Deadline deadline) throws DriverException, InterruptedException {
        Matcher total = MEM_TOTAL.matcher(read(vm, "/proc/meminfo", deadline));
        if (!total.find()) {
            throw failure(vm, "the guest's /proc/meminfo has no MemTotal");
        }
        return new ByteSize(Math.multiplyExact(Long.parseLong(total.group(1)), 1024L));
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

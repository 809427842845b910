package dev.provision.hypervisor.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import dev.provision.hypervisor.host.cgroup.CgroupFiles;
import dev.provision.hypervisor.host.cgroup.Cgroups;
import dev.provision.hypervisor.host.cgroup.Cgroups.Membership;
import dev.provision.hypervisor.host.cgroup.Cgroups.Version;
import dev.provision.hypervisor.host.cgroup.MemoryGroup;
import dev.provision.hypervisor.host.procfs.ProcCpu;
import dev.provision.hypervisor.host.procfs.ProcMemory;
import dev.provision.schema.fleet.CpuSet;
import dev.provision.schema.units.QuantityFormatException;

/** Facts of a Linux host, from /proc and /sys alone: no JNA. */
public final class LinuxHost implements HostProbe {

    private final Path root;

    /** The host this process runs on. */
    public LinuxHost() {
        this(Path.of("/"));
    }

    /** A host whose /proc and /sys are below {@code root}. */
    LinuxHost(Path root) {
        this.root = root;
    }

    @Override
    public HostFacts facts() throws IOException {
        var cpuinfo = text("/proc/cpuinfo");
        return new HostFacts("Linux", System.getProperty("os.arch", ""), cpus(cpuinfo), memory(),
                ProcMemory.pageSize(auxiliaryVector()), ProcCpu.tscKhz(cpuinfo));
    }

    @Override
    public Optional<Topology> topology() {
        return LinuxTopology.read(under("/sys/devices/system"));
    }

    private CpuFacts cpus(String cpuinfo) {
        var listed = ProcCpu.count(textOrEmpty("/sys/devices/system/cpu/online"));
        var online = listed > 0 ? listed : Runtime.getRuntime().availableProcessors();
        var allowed = ProcCpu.allowed(textOrEmpty("/proc/self/status")).orElse(online);
        return new CpuFacts(online, ids(), Math.min(online, allowed), cpuQuota(), ProcCpu.maker(cpuinfo),
                ProcCpu.model(cpuinfo), ProcCpu.addressBits(cpuinfo));
    }

    private Optional<CpuSet> ids() {
        try {
            Optional<String> allowed = ProcCpu.allowedList(textOrEmpty("/proc/self/status"));
            return Optional
                    .of(CpuSet.parse(allowed.orElseGet(() -> textOrEmpty("/sys/devices/system/cpu/online").strip())));
        } catch (QuantityFormatException e) {
            return Optional.empty();
        }
    }

    private MemoryFacts memory() throws IOException {
        var meminfo = text("/proc/meminfo");
        var groups = memberships("memory").stream()
                .flatMap(membership -> membership.directories()
                        .stream()
                        .map(directory -> memoryGroup(membership.version(), directory))
                        .flatMap(Optional::stream))
                .toList();
        return new MemoryFacts(ProcMemory.required(meminfo, "MemTotal"),
                ProcMemory.required(meminfo, "MemAvailable"), groups);
    }

    private Optional<MemoryGroup> memoryGroup(Version version, String directory) {
        return CgroupFiles.memory(version, textOrEmpty(directory + "/" + CgroupFiles.memoryLimit(version)),
                textOrEmpty(directory + "/" + CgroupFiles.memoryUsage(version)),
                textOrEmpty(directory + "/memory.stat"));
    }

    /** The tightest quota from this process's group up to the root. */
    private OptionalDouble cpuQuota() {
        return memberships("cpu").stream()
                .flatMap(membership -> membership.directories()
                        .stream()
                        .map(directory -> cpuQuota(membership.version(), directory)))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .min();
    }

    private OptionalDouble cpuQuota(Version version, String directory) {
        return switch (version) {
            case V1 -> CgroupFiles.cpuQuota(textOrEmpty(directory + "/cpu.cfs_quota_us"),
                    textOrEmpty(directory + "/cpu.cfs_period_us"));
            case V2 -> CgroupFiles.cpuQuota(textOrEmpty(directory + "/cpu.max"));
        };
    }

    private List<Membership> memberships(String controller) {
        return Cgroups.memberships(controller, textOrEmpty("/proc/self/cgroup"), textOrEmpty("/proc/self/mountinfo"));
    }

    /** Nothing where this process may not read its own, as when it is not dumpable (prctl(2)). */
    private byte[] auxiliaryVector() {
        try {
            return Files.readAllBytes(under("/proc/self/auxv"));
        } catch (IOException refused) {
            return new byte[0];
        }
    }

    private Path under(String absolute) {
        return root.resolve(absolute.substring(1));
    }

    private String text(String absolute) throws IOException {
        return Files.readString(under(absolute));
    }

    /** For files that some hosts do not have: their absence is a fact, not an error. */
    private String textOrEmpty(String absolute) {
        try {
            return text(absolute);
        } catch (IOException absent) {
            return "";
        }
    }
}

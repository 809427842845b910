package dev.provision.hypervisor.host.cgroup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.hypervisor.host.cgroup.Cgroups.Version;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Over directories with the files of both versions. */
class GroupReadingsTest {

    private static final GroupLimits LIMITS = new GroupLimits(new Cpus(500), 512, Optional.of(ByteSize.ofMib(300)),
            false);
    private static final GroupLimits NONE = new GroupLimits(new Cpus(1000), 1024, Optional.empty(), true);

    @TempDir
    private Path folder = Path.of("");

    private void write(String file, String text) {
        try {
            Files.writeString(folder.resolve(file), text + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void group(Version version, GroupLimits limits) {
        write("cgroup.procs", "41\n42");
        if (version == Version.V2) {
            write("cgroup.controllers", "cpu memory");
        }
        limits.files(version).forEach((file, value) -> write(file, value.isEmpty() ? "60" : value));
        if (version == Version.V1 && limits.memory().isEmpty()) {
            write("memory.limit_in_bytes", "9223372036854771712"); // what -1 reads as
        }
    }

    private String others(GroupLimits wanted) {
        return new TreeMap<>(new GroupReadings(List.of(folder), 42, wanted).others()).toString();
    }

    @ParameterizedTest
    @CsvSource({"V1", "V2"})
    void asTheyWereSetThereIsNothingToSay(Version version) {
        for (GroupLimits limits : List.of(LIMITS, NONE)) {
            group(version, limits);
            assertEquals("{}", others(limits));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"V1 | cpu.cfs_quota_us | -1 | {CPU_LIMIT=no limit}",
        "V1 | cpu.cfs_quota_us | 150000 | {CPU_LIMIT=1.5}", "V1 | cpu.shares | 1024 | {SHARES=1024}",
        "V1 | memory.limit_in_bytes | 1073741824 | {MEMORY_HARD=1 GiB with its VMM}",
        "V1 | memory.limit_in_bytes | 9223372036854771712 | {MEMORY_HARD=no limit}",
        "V1 | memory.swappiness | 60 | {NO_SWAP=true}", "V2 | cpu.max | max 100000 | {CPU_LIMIT=no limit}",
        "V2 | cpu.max | 25000 50000 | {}", "V2 | cpu.weight | 100 | {SHARES=cpu.weight 100}",
        "V2 | memory.max | max | {MEMORY_HARD=no limit}", "V2 | memory.swap.max | max | {NO_SWAP=true}",
        "V2 | cgroup.procs | 41 | {CPU_LIMIT=no limit, MEMORY_HARD=no limit, NO_SWAP=true}"})
    void whatSomebodyHasWrittenIsSaid(Version version, String file, String value, String expected) {
        group(version, LIMITS);
        write(file, value);
        assertEquals(expected, others(LIMITS));
    }

    @Test
    void aLimitThatNobodyAskedForIsSaidToo() {
        group(Version.V2, NONE);
        write("memory.max", "104857600");
        assertEquals("{MEMORY_HARD=100 MiB with its VMM}", others(NONE));
    }

    @Test
    void aGroupThatIsGoneHoldsNobody() {
        var gone = new GroupReadings(List.of(folder.resolve("gone")), 42, NONE);
        assertEquals(Map.of(dev.provision.planner.host.DriverCapabilities.Limit.CPU_LIMIT, "no limit"), gone.others());
    }
}

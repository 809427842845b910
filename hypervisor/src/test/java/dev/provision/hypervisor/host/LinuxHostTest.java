package dev.provision.hypervisor.host;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import dev.provision.schema.fleet.CpuSet;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Hosts as trees of /proc and /sys. {@code recorded-vm} was recorded; the others are written by hand in the kernel's
 * format.
 */
class LinuxHostTest {

    private static final ByteSize KIB = new ByteSize(1024);

    private static HostFacts host(String name) throws IOException, URISyntaxException {
        var resource = LinuxHostTest.class.getResource("hosts/" + name);
        return new LinuxHost(Path.of(Objects.requireNonNull(resource).toURI())).facts();
    }

    @Test
    void readsARecordedVirtualMachine() throws Exception {
        var facts = host("recorded-vm");
        assertEquals(
                new CpuFacts(2, Optional.of(new CpuSet(new TreeSet<>(List.of(0, 1)))), 2, OptionalDouble.empty(),
                        "AuthenticAMD", "AMD EPYC", OptionalInt.of(48)),
                facts.cpus());
        assertEquals(OptionalLong.of(2_596_135), facts.tscKhz());
        assertEquals(KIB.times(24_684_084), facts.memory().total());
        assertFalse(facts.memory().confined(), "an unlimited v1 group is no limit");
    }

    @Test
    void serversMayConfineByAParentSliceAndAnAffinity() throws Exception {
        var facts = host("server-v2");
        assertEquals(128, facts.cpus().online());
        assertEquals(64, facts.cpus().allowed());
        assertEquals(48, facts.cpus().usable(), "cpu.max allows 48 CPUs");
        assertEquals(ByteSize.ofGib(512), facts.memory().total());
        assertEquals(ByteSize.ofGib(512 - 128 + 32), facts.memory().available(),
                "page cache of the slice counts as free");
        assertEquals(OptionalInt.of(46), facts.cpus().addressBits());
    }

    @Test
    void laptopsHaveNoLimitAndACpuOffline() throws Exception {
        var facts = host("laptop");
        assertEquals(15, facts.cpus().usable());
        assertEquals(KIB.times(6_027_512), facts.memory().available());
        assertEquals(OptionalLong.of(1_896_375), facts.tscKhz());
    }

    @Test
    void containersOfVersion1SeeTheirGroupAtTheMountPoint() throws Exception {
        var facts = host("container-v1");
        assertEquals(new ByteSize(2L << 30), facts.memory().total());
        assertEquals(new ByteSize((1L << 30) + (512L << 20)), facts.memory().available());
        assertEquals(OptionalDouble.of(1.5), facts.cpus().quota());
        assertEquals(1, facts.cpus().usable(), "the affinity is tighter than the quota");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void readsThisHost() throws IOException {
        var facts = HostProbe.ofThisHost().facts();
        assertTrue(facts.cpus().usable() >= 1 && facts.cpus().usable() <= facts.cpus().online());
        assertTrue(facts.memory().available().compareTo(facts.memory().total()) <= 0);
        assertTrue(facts.pageSize().bytes() >= 4096);
    }

    @Test
    void freeDiskIsThatOfTheNearestParentThatExists() throws IOException {
        var temporary = Path.of(System.getProperty("java.io.tmpdir"));
        var free = HostProbe.freeDisk(temporary.resolve("not-there/nor-there"));
        assertTrue(free.bytes() > 0);
    }
}

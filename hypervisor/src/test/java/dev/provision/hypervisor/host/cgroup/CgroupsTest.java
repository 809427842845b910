package dev.provision.hypervisor.host.cgroup;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;

import dev.provision.hypervisor.host.cgroup.Cgroups.Membership;
import dev.provision.hypervisor.host.cgroup.Cgroups.Version;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CgroupsTest {

    private static final String V2 = "30 23 0:26 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw\n";

    @Test
    void whoseMostUseIsItsLimitHasReachedIt() {
        assertTrue(CgroupFiles.reachedLimit("20000768\n", "19996672\n"));
        assertFalse(CgroupFiles.reachedLimit("20000768\n", "15000000\n"));
        assertFalse(CgroupFiles.reachedLimit("9223372036854771712\n", "9223372036854771712\n"), "it has none");
        assertFalse(CgroupFiles.reachedLimit("", ""));
    }

    /** Version 1 takes no quota above that of a parent. */
    @Test
    void quotasStayWithinThoseAbove() {
        assertEquals(200_000, CgroupFiles.quotaWithin(200_000, List.of()));
        assertEquals(150_000, CgroupFiles.quotaWithin(200_000, List.of(4.0, 1.5)));
        assertEquals(50_000, CgroupFiles.quotaWithin(50_000, List.of(1.5)));
    }

    @Test
    void everyParentUpToTheMountPointCounts() {
        assertEquals(
                List.of(new Membership(Version.V2,
                        List.of("/sys/fs/cgroup/a/b", "/sys/fs/cgroup/a", "/sys/fs/cgroup"))),
                Cgroups.memberships("memory", "0::/a/b\n", V2));
    }

    @Test
    void theRootGroupIsTheMountPoint() {
        assertEquals(List.of(new Membership(Version.V2, List.of("/sys/fs/cgroup"))),
                Cgroups.memberships("memory", "0::/\n", V2));
    }

    @Test
    void aPathOutsideOfTheMountedPartFallsBackToTheMountPoint() {
        assertEquals(List.of(new Membership(Version.V2, List.of("/sys/fs/cgroup"))),
                Cgroups.memberships("memory", "0::/../other\n", V2));
    }

    @Test
    void controllersShareMountsAndNamesAreUnescaped() {
        var mount = "36 31 0:33 /docker/x /sys/fs/cg\\040roup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n";
        assertEquals(List.of(new Membership(Version.V1, List.of("/sys/fs/cg roup/cpu,cpuacct"))),
                Cgroups.memberships("cpu", "3:cpu,cpuacct:/docker/x\n", mount));
    }

    @Test
    void nonsenseIsNoMembership() {
        assertEquals(List.of(), Cgroups.memberships("memory", "?\n\n1:2\n", "x\n - \n1 2 3 - a\n"));
        assertEquals(List.of(), Cgroups.memberships("memory", "", ""));
    }

    @Test
    void noLimitIsNoGroup() {
        assertEquals(Optional.empty(), CgroupFiles.memory(Version.V2, "max\n", "5\n", ""));
        assertEquals(Optional.empty(), CgroupFiles.memory(Version.V1, "9223372036854771712\n", "5\n", ""));
        assertEquals(Optional.empty(), CgroupFiles.memory(Version.V1, "", "", ""));
    }

    @Test
    void useNeverGoesBelowZero() {
        assertEquals(Optional.of(new MemoryGroup(new ByteSize(100), ByteSize.ZERO)),
                CgroupFiles.memory(Version.V2, "100\n", "10\n", "inactive_file 20\n"));
    }

    @Test
    void quotasAreCpus() {
        assertEquals(OptionalDouble.of(0.5), CgroupFiles.cpuQuota("50000 100000\n"));
        assertEquals(OptionalDouble.empty(), CgroupFiles.cpuQuota("max 100000\n"));
        assertEquals(OptionalDouble.empty(), CgroupFiles.cpuQuota("-1\n", "100000\n"));
        assertEquals(OptionalDouble.empty(), CgroupFiles.cpuQuota(""));
    }
}

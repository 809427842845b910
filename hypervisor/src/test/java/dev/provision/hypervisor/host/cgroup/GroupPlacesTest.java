package dev.provision.hypervisor.host.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.host.cgroup.Cgroups.Version;
import dev.provision.hypervisor.host.cgroup.GroupPlaces.Place;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Trees of control groups as hosts have them, made of plain files. */
class GroupPlacesTest {

    private static final Set<Controller> BOTH = Set.of(Controller.CPU, Controller.MEMORY);

    @TempDir
    private Path root = Path.of("");

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void unified(String own) throws IOException {
        write("proc/self/cgroup", "0::" + own + "\n");
        write("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n");
    }

    /** A group of version 2 that we may write to. */
    private void group(String path, String controllers, String on, String processes) throws IOException {
        String directory = "sys/fs/cgroup" + path;
        write(directory + "/cgroup.controllers", controllers + "\n");
        write(directory + "/cgroup.subtree_control", on + "\n");
        write(directory + "/cgroup.procs", processes);
        if (!path.isEmpty()) {
            write(directory + "/cgroup.type", "domain\n");
        }
    }

    private List<Place> places() {
        return new GroupPlaces(root).places();
    }

    private Path at(String path) {
        return root.resolve("sys/fs/cgroup" + path);
    }

    @Test
    void belowItsOwnGroupWhereEachControllerHasATree() throws IOException {
        write("proc/self/cgroup", "4:memory:/ci/job\n1:cpu,cpuacct:/\n0::/\n");
        write("proc/self/mountinfo", """
                30 23 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
                31 23 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct
                32 23 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
                """);
        Files.createDirectories(at("/memory/ci/job"));
        Files.createDirectories(at("/cpu"));
        group("/unified", "", "", "1\n");
        assertEquals(List.of(new Place(Version.V1, at("/cpu"), Set.of(Controller.CPU)),
                new Place(Version.V1, at("/memory/ci/job"), Set.of(Controller.MEMORY))), places());
        assertEquals(BOTH, new GroupPlaces(root).controllers());
    }

    @Test
    void besideAServiceWhoseSliceHasThemOnRatherThanAtTheRoot() throws IOException {
        unified("/system.slice/ci.service");
        group("", "cpuset cpu io memory pids", "cpu memory pids", "1\n2\n");
        group("/system.slice", "cpu memory pids", "cpu memory", "");
        group("/system.slice/ci.service", "cpu memory", "", "77\n");
        assertEquals(List.of(new Place(Version.V2, at("/system.slice"), BOTH)), places());
    }

    /** All of one process is in one group: half in one place and half in another is not possible. */
    @Test
    void whereMostOfThemAre() throws IOException {
        unified("/user.slice/session.scope");
        group("", "cpu memory", "cpu memory", "1\n");
        group("/user.slice", "memory", "memory", "");
        group("/user.slice/session.scope", "memory", "", "77\n");
        assertEquals(List.of(new Place(Version.V2, at(""), BOTH)), places());
    }

    @Test
    void aUserHasWhatItsSessionDelegates() throws IOException {
        unified("/user.slice/user@1000.service/app.slice/x.scope");
        write("sys/fs/cgroup/cgroup.subtree_control", "cpu memory\n"); // its processes are not this user's to move
        group("/user.slice/user@1000.service", "memory pids", "memory pids", "");
        group("/user.slice/user@1000.service/app.slice", "memory pids", "", "");
        group("/user.slice/user@1000.service/app.slice/x.scope", "memory pids", "", "77\n");
        assertEquals(List.of(new Place(Version.V2, at("/user.slice/user@1000.service"), Set.of(Controller.MEMORY))),
                places());
    }

    @Test
    void nowhereInAContainerWhoseOnlyGroupHasProcesses() throws IOException {
        unified("/");
        group("", "cpu memory", "", "1\n");
        write("sys/fs/cgroup/cgroup.type", "domain\n");
        assertEquals(List.of(), places());
        assertEquals(List.of(), new ControlGroups(new GroupPlaces(root)).make("x"));
    }

    @Test
    void nowhereOnAHostWithoutAny() {
        assertEquals(List.of(), places());
    }

    @Test
    void groupsAreMadeLimitedAndRemoved() throws IOException {
        unified("/");
        group("", "cpu memory", "", "1\n");
        group("/provision", "cpu memory", "", "");
        ControlGroups groups = new ControlGroups(new GroupPlaces(root));
        List<Path> made = groups.make("lab.db-1");
        assertEquals(List.of(at("/provision/lab.db-1")), made);
        assertEquals("+cpu +memory", Files.readString(at("/cgroup.subtree_control")).strip());
        assertEquals("+cpu +memory", Files.readString(at("/provision/cgroup.subtree_control")).strip());
        group("/provision/lab.db-1", "cpu memory", "", "");
        for (String file : List.of("cpu.max", "cpu.weight", "memory.max", "memory.swap.max")) {
            write("sys/fs/cgroup/provision/lab.db-1/" + file, "");
        }
        ControlGroups.limit(made,
                new GroupLimits(new Cpus(1250), 1024, Optional.of(ByteSize.ofMib(3)), false));
        assertEquals("125000 100000", Files.readString(made.getFirst().resolve("cpu.max")));
        assertEquals("100", Files.readString(made.getFirst().resolve("cpu.weight")));
        assertEquals("3145728", Files.readString(made.getFirst().resolve("memory.max")));
        assertEquals("0", Files.readString(made.getFirst().resolve("memory.swap.max")));
        write("sys/fs/cgroup/provision/lab.db-1/memory.events", "oom 1\noom_kill 0\n");
        assertFalse(ControlGroups.ranOutOfMemory(made));
        write("sys/fs/cgroup/provision/lab.db-1/memory.events", "oom 3\noom_kill 2\n");
        assertTrue(ControlGroups.ranOutOfMemory(made));
        assertFalse(ControlGroups.reachedItsMemoryLimit(made), "somebody else used it up");
        write("sys/fs/cgroup/provision/lab.db-1/memory.events.local", "oom 1\noom_kill 2\n");
        assertTrue(ControlGroups.reachedItsMemoryLimit(made));
        ControlGroups.remove(made);
        assertTrue(Files.exists(made.getFirst()), "what is busy stays and is no failure");
    }

    @Test
    void valuesOfBothVersions() {
        GroupLimits half = new GroupLimits(new Cpus(500), 512, Optional.empty(), true);
        assertEquals("{cpu.cfs_period_us=100000, cpu.cfs_quota_us=50000, cpu.shares=512, memory.swappiness=,"
                + " memory.limit_in_bytes=-1, memory.memsw.limit_in_bytes=-1}", half.files(Version.V1).toString());
        assertEquals("{cpu.max=50000 100000, cpu.weight=50, memory.oom.group=1, memory.swap.max=max, memory.max=max}",
                half.files(Version.V2).toString());
        assertEquals("1000", new GroupLimits(new Cpus(5), 1024, Optional.empty(), true).files(Version.V1)
                .get("cpu.cfs_quota_us"), "the least that the kernel takes");
        assertEquals("1", new GroupLimits(Cpus.of(1), 2, Optional.empty(), true).files(Version.V2).get("cpu.weight"));
        assertEquals("10000",
                new GroupLimits(Cpus.of(1), 262_144, Optional.empty(), true).files(Version.V2).get("cpu.weight"));
    }
}

package dev.provision.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What somebody did to a machine that runs, around its VMM: status sees it, plan says it, apply mends it. */
class DeviationsTest {

    @TempDir
    private Path temporary = Path.of("");

    private Path folder = Path.of("");
    private Provision provision = new Provision(folder);

    @BeforeEach
    void open() throws IOException {
        folder = temporary.toRealPath();
        provision = new Provision(folder);
    }

    @AfterEach
    void endVmms() {
        provision.close();
    }

    private void manifest(String machine) {
        provision.write("machines.yaml", "version: 1\nfleet: around\nmachines: { a: " + machine + " }\n");
    }

    private String plan() {
        return provision.run("plan").exits(0).out();
    }

    private List<ProcessHandle> servers() {
        return ProcessHandle.allProcesses().filter(process -> {
            try {
                return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1)
                        .contains("virtiofsd\0--socket-path=" + folder);
            } catch (IOException e) {
                return false;
            }
        }).toList();
    }

    private static List<Path> groups(Path state) throws IOException {
        String record = Files.readString(state.resolve("fleets/around/machines/a/machine.json"));
        return Stream.of(record.split("\"", -1))
                .filter(text -> text.startsWith("/sys/fs/cgroup"))
                .map(Path::of)
                .toList();
    }

    @Test
    void limitsAreSetAgainWhileItRuns() throws Exception {
        manifest("{ resources: { cpus: 0.5, cpuset: '0', memory: 128MiB, overlay: 64MiB, io: { iops: 900 } } }");
        assumeTrue(!plan().contains("PRV-0308") && provision.run("plan").err().isEmpty(), "no control groups here");
        provision.run("apply", "--yes").exits(0);
        assertTrue(plan().contains("Nothing to do"), "as it was set");
        long pid = provision.pid("a");
        Path cpu = groups(provision.state()).stream()
                .filter(group -> Files.exists(group.resolve("cpu.cfs_quota_us"))
                        || Files.exists(group.resolve("cpu.max")))
                .findFirst()
                .orElseThrow();
        boolean first = Files.exists(cpu.resolve("cpu.cfs_quota_us"));
        Files.writeString(cpu.resolve(first ? "cpu.cfs_quota_us" : "cpu.max"), first ? "-1" : "max 100000");
        String status = provision.run("status").exits(0).out();
        assertTrue(status.contains("ready (cpus.limit is no limit)"), status);
        assertTrue(plan().contains("cpus.limit 0.5 (really no limit: changed outside of provision) → 0.5: live"),
                plan());
        // As after a daemon-reload that knows nothing of it: out of its group.
        Files.writeString(cpu.resolve("../../cgroup.procs"), Long.toString(pid));
        assertTrue(plan().contains("cpus.limit 0.5 (really no limit"), plan());
        provision.run("apply", "--yes").exits(0);
        assertEquals(pid, provision.pid("a"));
        assertTrue(Files.readAllLines(cpu.resolve("cgroup.procs")).contains(Long.toString(pid)));
        assertEquals(first ? "50000" : "50000 100000",
                Files.readString(cpu.resolve(first ? "cpu.cfs_quota_us" : "cpu.max")).strip());
        assertTrue(plan().contains("Nothing to do"), plan());
    }

    @Test
    void aVolumeThatIsNotServedAnyMoreComesBackByARestart() throws Exception {
        Files.createDirectory(folder.resolve("data"));
        manifest("{ resources: { memory: 128MiB }, volumes: ['./data:/srv/data'] }");
        assumeTrue(!provision.run("plan").err().contains("virtiofsd"), "this host cannot serve volumes");
        provision.run("apply", "--yes").exits(0);
        long pid = provision.pid("a");
        List<ProcessHandle> servers = servers();
        assertFalse(servers.isEmpty());
        for (Path group : groups(provision.state())) {
            List<String> members = Files.readAllLines(group.resolve("cgroup.procs"));
            servers.forEach(server -> assertTrue(members.contains(Long.toString(server.pid())), group.toString()));
        }
        assertTrue(provision.status("a").path("deviations").isMissingNode());
        servers.forEach(ProcessHandle::destroyForcibly);
        servers.forEach(server -> server.onExit().join());
        assertEquals("the volume at /srv/data is not served any more",
                provision.status("a").path("deviations").path(0).asText());
        assertEquals("the volume at /srv/data is not served any more", provision.status("a").path("detail").asText());
        assertTrue(plan().contains("volumes./srv/data served (really not served"), plan());
        assertTrue(plan().contains("1 to restart"), plan());
        provision.run("apply", "--yes").exits(0);
        assertNotEquals(pid, provision.pid("a"));
        provision.exec("a", "sh", "-c", "echo again > /srv/data/file");
        assertEquals("again\n", Files.readString(folder.resolve("data/file")));
        assertTrue(plan().contains("Nothing to do"), plan());
        provision.run("destroy", "--yes").exits(0);
        assertEquals(List.of(), servers());
    }
}

package dev.provision.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
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

/** What a VMM has of its host, by what the kernel says of real ones. */
class IsolationTest {

    @TempDir
    private Path folder = Path.of("");

    private Provision provision = new Provision(folder);

    @BeforeEach
    void open() {
        provision = new Provision(folder);
        provision.write("machines.yaml", """
                version: 1
                fleet: apart
                defaults: { resources: { memory: 128MiB, overlay: 64MiB, storage: 32MiB } }
                machines:
                  a: {}
                  b: { resources: { disks: { extra: { size: 32MiB, mount: /extra } } } }
                """);
    }

    @AfterEach
    void endVmms() {
        provision.close();
    }

    private void requireSeparation() {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root starts VMMs as other users");
        assumeTrue(doctor().contains("each as a user of its own"), "this host has no users for VMMs");
    }

    private String doctor() {
        return provision.run("doctor").out().lines().filter(line -> line.contains("vmms")).findFirst().orElse("");
    }

    private static Map<String, String> status(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/status"))
                .lines()
                .map(line -> line.split(":\\s*", 2))
                .collect(Collectors.toMap(words -> words[0], words -> words[1].strip(), (first, _) -> first,
                        TreeMap::new));
    }

    private static String user(long pid) throws IOException {
        return status(pid).getOrDefault("Uid", "").split("\\s", -1)[0];
    }

    @Test
    void vmmsHaveNoRightsAndNothingOfTheCaller() throws IOException {
        requireSeparation();
        provision.run("apply", "--yes").exits(0);
        long pid = provision.pid("a");
        Map<String, String> status = status(pid);
        int user = Integer.parseInt(user(pid));
        assertTrue(user >= 0x7000_0000 && user <= 0x70ff_ffff, () -> "user " + user);
        assertEquals("%1$d %1$d %1$d %1$d".formatted(user), status.getOrDefault("Gid", "").replaceAll("\\s+", " "));
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
            assertEquals("0000000000000000", status.get(set), set);
        }
        assertEquals("1", status.get("NoNewPrivs"));
        assertEquals("2", status.get("Seccomp"), "a filter");
        Map<String, String> keeper = status(Long.parseLong(status.getOrDefault("PPid", "")));
        assertEquals("perl", keeper.get("Name"));
        for (String ids : List.of("Uid", "Gid")) {
            assertEquals("%1$d %1$d %1$d %1$d".formatted(user), keeper.getOrDefault(ids, "").replaceAll("\\s+", " "));
        }
        assertEquals("0000000000000000", keeper.get("CapPrm"));
        assertEquals("1", keeper.get("NoNewPrivs"));
        assertNotEquals(user(pid), user(provision.pid("b")), "machines are strangers to each other");
        Path proc = Path.of("/proc/" + pid);
        assertEquals(Path.of("/"), Files.readSymbolicLink(proc.resolve("cwd")));
        Set<String> environment = Stream.of(Files.readString(proc.resolve("environ")).split("\0", 0))
                .map(variable -> variable.replaceAll("=.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of("LC_ALL", "PATH"), environment);
        String limits = Files.readString(proc.resolve("limits"));
        assertTrue(limits.matches("(?s).*Max core file size +0 +0 .*Max open files +16384 +16384 .*"), limits);
        assertOpen(proc);
    }

    /** Files of its machine, anonymous things, and read-only what every process may read. */
    private void assertOpen(Path proc) throws IOException {
        try (Stream<Path> descriptors = Files.list(proc.resolve("fd"))) {
            List<String> strange = new ArrayList<>();
            for (Path descriptor : descriptors.toList()) {
                String target;
                try {
                    target = Files.readSymbolicLink(descriptor).toString();
                } catch (NoSuchFileException closed) {
                    continue; // since it was listed
                }
                if (!target.matches("(pipe|socket|anon_inode):.*|/dev/(null|urandom|random)")
                        && !target.startsWith(folder.toString()) && !target.endsWith("/kernel")
                        && !target.endsWith("/initrd") && !target.startsWith("/memfd:")) {
                    strange.add(target);
                }
            }
            assertEquals(List.of(), strange);
        }
    }

    @Test
    void whoBreaksOutOfOneIsNobodyToTheOthers() throws Exception {
        requireSeparation();
        provision.run("apply", "--yes").exits(0);
        String user = user(provision.pid("a"));
        Path fleet = provision.state().resolve("fleets/apart");
        assertEquals(0, as(user, "head", "-c1", fleet.resolve("machines/a/overlay.img").toString()), "its own disk");
        for (String foreign : List.of("machines/b/overlay.img", "machines/b/settings/env", "storage/b.img",
                "storage/b/extra.img", "machines/b/console.log", "machines/a/machine.json", "lock")) {
            assertTrue(Files.exists(fleet.resolve(foreign)), foreign);
            assertNotEquals(0, as(user, "head", "-c1", fleet.resolve(foreign).toString()), foreign);
        }
        for (String folder : List.of("machines/a", "machines/a/settings", "storage")) {
            assertNotEquals(0, as(user, "touch", fleet.resolve(folder).resolve("mine").toString()), folder);
        }
        assertNotEquals(0, as(user, "kill", "-9", Long.toString(provision.pid("b"))));
        for (String socket : provision.socketFiles()) {
            Path path = Path.of(socket);
            boolean own = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS).toString().equals(user);
            assertEquals(own, as(user, "perl", "-MSocket", "-e",
                    "socket S, AF_UNIX, SOCK_STREAM, 0; connect S, sockaddr_un(shift) or exit 1", socket) == 0, socket);
        }
    }

    @Test
    void aLinkToAnotherMachinesSocketIsNotFollowed() throws Exception {
        requireSeparation();
        provision.run("apply", "--yes").exits(0);
        String user = user(provision.pid("a"));
        List<String> agents = provision.socketFiles().stream().filter(name -> name.endsWith("agent.sock")).toList();
        String own = agents.stream().filter(name -> isOf(name, user)).findFirst().orElseThrow();
        String other = agents.stream().filter(name -> !name.equals(own)).findFirst().orElseThrow();
        assertEquals(0, as(user, "ln", "-sf", other, own), "what it has made itself it can replace");
        Provision.Result exec = provision.run("exec", "a", "--", "hostname");
        assertNotEquals(0, exec.exitCode());
        assertFalse(exec.out().contains("b"), exec.out());
        assertTrue(exec.err().contains("listens on"), exec.err());
    }

    private static boolean isOf(String socket, String user) {
        try {
            return Files.getAttribute(Path.of(socket), "unix:uid").toString().equals(user);
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void machinesOfEarlierVersionsAndClosedFoldersGoOn() throws Exception {
        requireSeparation();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        assertTrue(doctor().contains("weak") && doctor().contains("cannot pass through the folder " + folder),
                doctor());
        provision.run("apply", "--yes").exits(0);
        assertEquals("0", user(provision.pid("a")));
        provision.exec("a", "sh", "-c", "echo kept > /data/witness; sync");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        provision.run("restart", "a", "b").exits(0);
        assertNotEquals("0", user(provision.pid("a")));
        assertEquals("kept", provision.exec("a", "cat", "/data/witness"));
        provision.run("stop", "a").exits(0);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        provision.run("start", "a").exits(0);
        assertEquals("0", user(provision.pid("a")));
        assertEquals("kept", provision.exec("a", "cat", "/data/witness"));
        provision.run("destroy", "--yes", "--storage").exits(0);
        assertEquals(List.of(), provision.storeFiles());
        assertEquals(List.of(), provision.socketFiles());
        try (Stream<Path> users = Files.list(provision.state().resolve("vmm-users"))) {
            assertEquals(List.of(), users.toList(), "their users are free again");
        }
    }

    @Test
    void portsOfRootCanStillBeForwarded() throws IOException {
        requireSeparation();
        provision.write("machines.yaml", """
                version: 1
                fleet: apart
                machines:
                  a: { resources: { memory: 128MiB }, ports: ["127.0.0.1:%d:80"] }
                """.formatted(HostPorts.tcpOfRoot()));
        provision.run("apply", "--yes").exits(0);
        assertEquals("0000000000000400", status(provision.pid("a")).get("CapEff"), "CAP_NET_BIND_SERVICE alone");
    }

    @Test
    void aRuntimeFolderOfSomebodyElseIsRefused() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root gives folders away");
        Path run = Files.createDirectory(folder.resolve("run"));
        Files.setAttribute(run, "unix:uid", 12345);
        Provision.Result apply = provision.run("apply", "--yes").exits(5);
        assertTrue(apply.err().contains("12345") && apply.err().contains(run.toString()), apply.err());
        Files.setAttribute(run, "unix:uid", 0);
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertTrue(provision.run("apply", "--yes").exits(5).err().contains("may be written by others"));
        Files.delete(run);
        Files.createSymbolicLink(run, folder.resolve("elsewhere"));
        Files.setAttribute(run, "unix:uid", 12345, LinkOption.NOFOLLOW_LINKS);
        assertTrue(provision.run("apply", "--yes").exits(5).err().contains("12345"));
        assertTrue(provision.vmms().isEmpty());
    }

    /** Exit code of a command of that user; what it says goes nowhere. */
    private static int as(String user, String... command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(
                List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"));
        words.addAll(List.of(command));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        assertFalse(said.contains("setpriv:"), said);
        return code;
    }
}

package dev.provision.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What a user who is not root can do: all of a machine's life, in a store of his own, beside another user's. Needs root to
 * become them. They have no names, as users in containers, and find the program where an administrator has installed it.
 */
class OtherUserTest {

    private static final Path PROGRAM = Path.of("../../provisioner/target/provision").toAbsolutePath().normalize();
    private static final int ANNE = 6341;
    private static final int BOB = 6342;

    /** How a command ended; what it printed on both streams is in {@code text}. */
    private record Ended(int exitCode, String text) {
        Ended exits(int expected) {
            assertEquals(expected, exitCode, text);
            return this;
        }
    }

    private final List<Integer> ports = HostPorts.tcp(3);

    @TempDir
    private Path temporary = Path.of("");

    private Path folder = Path.of("");
    private Path program = Path.of("");

    /** The program where other users can go: a checkout can be closed to them. */
    @BeforeEach
    void install() throws IOException, InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root becomes other users");
        assumeTrue(Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "setpriv"))), "there is no setpriv here");
        folder = temporary.toRealPath();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        assumeTrue(canBePassed(folder), "other users cannot pass to the folder of temporary files");
        new Provision(folder).run("image", "build", "builtin", "--if-needed", "--output",
                PROGRAM.resolve("guest/builtin").toString()).exits(0);
        run(List.of("cp", "-r", PROGRAM.toString(), folder.resolve("installed").toString()), Map.of()).exits(0);
        run(List.of("chmod", "-R", "a+rX", folder.resolve("installed").toString()), Map.of()).exits(0);
        program = folder.resolve("installed/bin/provision");
        for (String login : List.of("r", "s")) { // short: paths of sockets end at 107 bytes
            Files.setPosixFilePermissions(Files.createDirectory(folder.resolve(login)),
                    PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        for (int user : List.of(ANNE, BOB)) {
            Path home = Files.createDirectory(home(user));
            Files.setAttribute(home, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(home, "unix:gid", user, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static boolean canBePassed(Path folder) throws IOException {
        for (Path above = folder; above != null; above = above.getParent()) {
            if (!PosixFilePermissions.toString(Files.getPosixFilePermissions(above)).endsWith("x")
                    && !above.equals(Path.of("/tmp"))) {
                return false;
            }
        }
        return true;
    }

    @AfterEach
    void endVmms() throws IOException {
        List<ProcessHandle> left = vmms();
        left.forEach(ProcessHandle::destroyForcibly);
        left.forEach(vmm -> vmm.onExit().orTimeout(1, TimeUnit.MINUTES).join());
    }

    private Path home(int user) {
        return folder.resolve(Integer.toString(user));
    }

    private List<ProcessHandle> vmms() {
        return ProcessHandle.allProcesses().filter(process -> {
            try {
                String argv = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"),
                        StandardCharsets.ISO_8859_1);
                return argv.contains("qemu-system") && argv.contains(folder.toString());
            } catch (IOException e) {
                return false;
            }
        }).toList();
    }

    private Ended run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "out", "");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("PROVISION_") || name.startsWith("XDG_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("hangs: " + command);
        }
        return new Ended(process.exitValue(), Files.readString(output));
    }

    private Ended as(int user, Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=" + user,
                "--clear-groups", "env", "HOME=" + home(user), "PROVISION_SETUP=never",
                // A login's; below /tmp the folder would outlive the test.
                "XDG_RUNTIME_DIR=" + environment.getOrDefault("XDG_RUNTIME_DIR", folder + "/r")));
        command.add(program.toString());
        command.addAll(List.of(words));
        return run(command, environment);
    }

    private Ended as(int user, String... words) throws IOException, InterruptedException {
        return as(user, Map.of(), words);
    }

    private Path manifest(String cpus, String memory, String storage, String cpuset, int port) throws IOException {
        Path file = folder.resolve("machines.yaml");
        Files.writeString(file,
                """
                        version: 1
                        fleet: mine
                        defaults: { resources: { cpus: 1, memory: 128MiB } }
                        machines:
                          a:
                            resources: { cpus: { limit: %s, max: 2 }, memory: { limit: %s, max: 192MiB, hard: 256MiB }, storage: %s, cpuset: "%s" }
                            networks: [lab]
                            run: { command: [httpd, -f, -p, "80"], restart: always }
                            ports: ["127.0.0.1:%s:80"]
                            ready: { tcp: 80 }
                          b: { networks: [lab] }
                        networks: { lab: { subnet: 10.97.0.0/24 } }
                        """
                        .formatted(cpus, memory, storage, cpuset, port));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return file;
    }

    private static boolean answers(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        }
    }

    private String planOf(String key) throws IOException, InterruptedException {
        Path file = folder.resolve("refused.yaml");
        Files.writeString(file, "version: 1\nfleet: refused\nmachines: { a: { " + key + " } }\n"
                + (key.contains("networks") ? "networks: { n: { subnet: 10.96.0.0/24, bridge: auto } }\n" : ""));
        return as(ANNE, "plan", file.toString()).exits(4).text();
    }

    @Test
    void whatTakesRootIsRefusedByThePlanAndDoctorSaysSo() throws Exception {
        for (String refused : List.of(planOf("volumes: ['%s:/srv/x']".formatted(folder)), planOf("networks: [n]"))) {
            assertTrue(refused.contains("PRV-0311") && refused.contains("fix: run provision as root"), refused);
        }
        String doctor = as(ANNE, "doctor").text();
        assertTrue(doctor.lines().anyMatch(line -> line.contains("vmms") && line.endsWith("run as you, " + ANNE)),
                doctor);
        assertTrue(doctor.contains("virtiofsd serves volumes as root only; run provision as root"), doctor);
    }

    @Test
    void aLifeBesideAnotherUser() throws Exception {
        String file = manifest("0.5", "128MiB", "32MiB", "0", ports.get(0)).toString();
        String applied = as(ANNE, "apply", file, "--yes").exits(0).text();
        assertTrue(
                applied.contains("0.5 CPUs cannot bind here") && applied.contains("hard limit of 256 MiB cannot bind"),
                applied);
        assertTrue(answers(ports.get(0)));
        for (ProcessHandle vmm : vmms()) {
            assertEquals(ANNE, Files.getAttribute(Path.of("/proc/" + vmm.pid()), "unix:uid"));
        }
        assertEquals(2, vmms().size());
        as(ANNE, "exec", "a", "--", "ping", "-c", "5", "-W", "5", "b").exits(0);

        manifest("2", "160MiB", "48MiB", "1", ports.get(1));
        as(ANNE, "apply", file, "--yes").exits(0);
        assertEquals("2", as(ANNE, "exec", "a", "--", "nproc").exits(0).text().strip());
        assertTrue(answers(ports.get(1)));
        assertTrue(as(ANNE, "plan", file).exits(0).text().contains("Nothing to do: 2 machines are as wanted."));
        beside(file);
        as(ANNE, "restart", "b").exits(0);
        as(ANNE, "stop", "a").exits(0);
        as(ANNE, "destroy", file, "--yes", "--storage").exits(0);
        assertEquals(List.of(), vmms());
    }

    /** Her store is closed to him, and his machines are not hers, though all of their names are the same. */
    private void beside(String file) throws Exception {
        String taken = as(BOB, "apply", file, "--yes").exits(4).text();
        assertTrue(taken.contains("host port 127.0.0.1:" + ports.get(1) + "/tcp is taken"), taken);
        manifest("1", "128MiB", "32MiB", "0", ports.get(2));
        as(BOB, "apply", file, "--yes").exits(0);
        assertEquals(4, vmms().size());
        as(BOB, "exec", "a", "--", "ping", "-c", "5", "-W", "5", "b").exits(0);
        String hers = home(ANNE).resolve(".local/state/provision").toString();
        for (String command : List.of("status", "plan")) {
            Ended refused = command.equals("plan") ? as(BOB, Map.of("PROVISION_STATE_DIR", hers), command, file)
                    : as(BOB, Map.of("PROVISION_STATE_DIR", hers), command);
            assertTrue(refused.exitCode() != 0 && refused.text().contains("user " + ANNE), refused.text());
        }
        as(BOB, "destroy", file, "--yes", "--storage").exits(0);
        assertEquals(2, vmms().size());
        manifest("2", "160MiB", "48MiB", "1", ports.get(1));
    }

    /** What is closed to her is said to be, and nothing is done to machines that run. */
    @Test
    void whatMayNotBeReadOrWrittenIsSaid() throws Exception {
        Path file = folder.resolve("closed.yaml");
        Files.writeString(file, "version: 1\nfleet: closed\nmachines: { a: { resources: { memory: 128MiB } } }\n");
        as(ANNE, "apply", file.toString(), "--yes").exits(0);
        long pid = vmms().getFirst().pid();
        Path fleet = home(ANNE).resolve(".local/state/provision/fleets/closed");
        try (Closed _ = new Closed(fleet.resolve("machines/a/machine.json"), "---------")) {
            assertTrue(as(ANNE, "status").exits(0).text().contains("machine.json: may not be read by this user"));
            assertTrue(as(ANNE, "apply", file.toString(), "--yes").exits(4).text().contains("recreate"));
        }
        try (Closed _ = new Closed(fleet.resolve("machines"), "---------")) {
            for (String command : List.of("status", "plan " + file, "apply --yes " + file)) {
                String said = as(ANNE, command.split(" ", -1)).exits(1).text();
                assertTrue(said.contains("no access to " + fleet.resolve("machines")) && said.contains("fix: "), said);
            }
        }
        try (Closed _ = new Closed(folder.resolve("r/provision-" + ANNE), "r-x------")) {
            as(ANNE, "status").exits(0);
            String said = as(ANNE, "restart", "a").exits(5).text();
            assertTrue(said.contains("the runtime folder") && said.contains("cannot be written"), said);
        }
        assertTrue(as(ANNE, "plan", file.toString()).exits(0).text().contains("Nothing to do"));
        assertEquals(pid, vmms().getFirst().pid());
        as(ANNE, "destroy", file.toString(), "--yes").exits(0);
    }

    /** A file or folder with other permissions until this is closed. */
    private record Closed(Path path, Set<PosixFilePermission> before) implements AutoCloseable {
        Closed(Path path, String meanwhile) throws IOException {
            this(path, Files.getPosixFilePermissions(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(meanwhile));
        }

        @Override
        public void close() throws IOException {
            Files.setPosixFilePermissions(path, before);
        }
    }

    /** A login has another runtime folder than cron: one store, the same machines. */
    @Test
    void machinesAreFoundWhateverTheRuntimeFolderOfTheLogin() throws Exception {
        Path file = folder.resolve("one.yaml");
        Files.writeString(file, "version: 1\nfleet: one\nmachines: { a: { resources: { memory: 128MiB } } }\n");
        as(ANNE, "apply", file.toString(), "--yes").exits(0);
        Map<String, String> elsewhere = Map.of("XDG_RUNTIME_DIR", folder + "/s");
        String status = as(ANNE, elsewhere, "status").exits(0).text();
        assertTrue(status.contains("ready"), status);
        assertTrue(as(ANNE, elsewhere, "plan", file.toString()).exits(0).text().contains("Nothing to do"));
        as(ANNE, elsewhere, "destroy", file.toString(), "--yes").exits(0);
        assertEquals(List.of(), vmms());
    }
}

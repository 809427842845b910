package dev.provision.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.provision.hypervisor.host.cgroup.ControlGroups;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * The packaged command as a person runs it, as a process of its own, with a store of its own. Closing it ends every VMM
 * that it started, whatever the test did.
 */
public final class Provision implements AutoCloseable {

    private static final int DEPTH = Integer.MAX_VALUE;
    private static final Pattern GROUP = Pattern.compile("\"(/sys/fs/cgroup/[^\"]+/provision/[^\"]+)\"");

    /** The reactor has packaged it before this module's tests run. */
    private static final Path PROGRAM = Path.of("../../provisioner/target/provision/bin/provision")
            .toAbsolutePath()
            .normalize();

    /** No command of these tests takes longer, also on a busy machine. */
    private static final long MINUTES = 8;

    /** So many times at most is looked for VMMs that are left. */
    private static final int ROUNDS = 10;

    /** How a command ended. */
    public record Result(int exitCode, String out, String err) {

        /** Fails with everything it printed when the exit code is another one. */
        public Result exits(int expected) {
            assertEquals(expected, exitCode, () -> "stdout:\n" + out + "\nstderr:\n" + err);
            return this;
        }
    }

    private final Path folder;
    private final Path program;

    /** @param folder an empty one; manifests, state, sockets and outputs go there */
    public Provision(Path folder) {
        this(folder, PROGRAM);
    }

    /** @param program the launcher of another installation */
    public Provision(Path folder, Path program) {
        this.folder = folder;
        this.program = program;
        try {
            // JUnit's folders are closed; VMMs of root are other users, as they are below /var/lib.
            if (Files.isDirectory(folder) && folder.isAbsolute()) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path folder() {
        return folder;
    }

    public Path state() {
        return folder.resolve("state");
    }

    public Path runtime() {
        return folder.resolve("run");
    }

    public Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Result run(String... arguments) {
        return runWith("", arguments);
    }

    public Result runWith(String stdin, String... arguments) {
        return run(List.of(), stdin, arguments);
    }

    /** The same, started by another program, which becomes it. */
    public Result runBehind(List<String> starter, String... arguments) {
        return run(starter, "", arguments);
    }

    private Result run(List<String> starter, String stdin, String... arguments) {
        try {
            Path out = Files.createTempFile(folder, "out", "");
            Path err = Files.createTempFile(folder, "err", "");
            Process process = startBehind(starter, out, err, arguments);
            try (var input = process.getOutputStream()) {
                input.write(stdin.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError(
                        "hangs: " + List.of(arguments) + "\n" + Files.readString(out) + Files.readString(err));
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts a command without waiting for it. */
    public Process start(Path out, Path err, String... arguments) throws IOException {
        return startBehind(List.of(), out, err, arguments);
    }

    /** The same, started by another program, which becomes it: {@code setsid}. */
    public Process startBehind(List<String> starter, Path out, Path err, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(starter);
        command.add(program.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment()
                .putAll(Map.of("PROVISION_STATE_DIR", state().toString(),
                        "PROVISION_RUNTIME_DIR", runtime().toString(), "PROVISION_SETUP", "never"));
        return builder.start();
    }

    /** Runs a command in a machine and returns what it printed, without the last newline. */
    public String exec(String machine, String... command) {
        List<String> arguments = new ArrayList<>(List.of("exec", machine, "--"));
        arguments.addAll(List.of(command));
        return run(arguments.toArray(String[]::new)).exits(0).out().stripTrailing();
    }

    /** MemTotal as the guest sees it, in MiB. */
    public int guestMemoryMib(String machine) {
        return Integer.parseInt(exec(machine, "sh", "-c", "free -m | awk '/^Mem/ {print $2}'"));
    }

    public int guestCpus(String machine) {
        return Integer.parseInt(exec(machine, "nproc"));
    }

    public JsonNode json(String... arguments) {
        try {
            return new ObjectMapper().readTree(run(arguments).exits(0).out());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One machine of {@code status -o json}. */
    public JsonNode status(String machine) {
        for (JsonNode fleet : json("status", "-o", "json").path("fleets")) {
            for (JsonNode candidate : fleet.path("machines")) {
                if (candidate.path("machine").asText().equals(machine)) {
                    return candidate;
                }
            }
        }
        throw new AssertionError("no machine " + machine);
    }

    public String state(String machine) {
        return status(machine).path("state").asText();
    }

    /** Of a VMM that answers: to signal what stands for another one's pid would reach this test itself. */
    public long pid(String machine) {
        JsonNode status = status(machine);
        long pid = status.path("pid").asLong();
        if (pid <= 0) {
            throw new AssertionError("no pid of " + machine + ": " + status);
        }
        return pid;
    }

    /** At once, and also of a VMM that does not answer; empty when there is none. */
    public Optional<ProcessHandle> vmm(String machine) {
        return vmms().stream().filter(vmm -> machineOf(vmm).equals(machine)).findFirst();
    }

    /** Of a file that is being written: it may end within a character. */
    public static String textOf(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** The processes of VMMs that this store's commands started: their argv names our folder. */
    public List<ProcessHandle> vmms() {
        return ProcessHandle.allProcesses().filter(this::isOurs).toList();
    }

    /** Name of the machine that this VMM of ours runs, without its fleet's; empty when it has just ended. */
    public static String machineOf(ProcessHandle vmm) {
        try {
            List<String> argv = List.of(Files.readString(Path.of("/proc/" + vmm.pid() + "/cmdline")).split("\0", -1));
            String name = argv.get(argv.indexOf("-name") + 1);
            return name.substring(name.indexOf('/') + 1);
        } catch (IOException e) {
            return "";
        }
    }

    private boolean isOurs(ProcessHandle process) {
        Path argv = Path.of("/proc/" + process.pid() + "/cmdline");
        try {
            String text = Files.readString(argv, StandardCharsets.ISO_8859_1);
            return text.contains("qemu-system") && text.contains(folder.toString()) && text.contains("mode=control");
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Every file of the store that is about machines, relative to it: not the locks of fleets that have something, nor what
     * is remembered of earlier boots and plans.
     */
    public List<String> storeFiles() {
        if (Files.notExists(state())) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(state())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("lock") && file.startsWith(state().resolve("fleets")))
                    .map(file -> state().relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every socket or other file that running machines have outside of the store. */
    public List<String> socketFiles() {
        Path run = runtime();
        if (Files.notExists(run)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(run)) {
            return files.filter(file -> !Files.isDirectory(file)).map(Path::toString).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        // A command that was killed may have been about to start one more.
        List<ProcessHandle> vmms = vmms();
        for (int round = 0; round < ROUNDS && !vmms.isEmpty(); round++) {
            vmms.forEach(ProcessHandle::destroyForcibly);
            vmms.forEach(vmm -> vmm.onExit().orTimeout(1, TimeUnit.MINUTES).join());
            vmms = vmms();
        }
        removeGroups();
    }

    /**
     * The control groups that records and their copies name. The kernel removes only those that are empty: what keeps a VMM's
     * logs ends a moment after it.
     */
    private void removeGroups() {
        for (Path folder : List.of(state(), runtime())) {
            if (Files.exists(folder)) {
                removeGroups(folder);
            }
        }
    }

    private static void removeGroups(Path folder) {
        try {
            for (Path record : LiveFolders.find(folder, DEPTH, (file, _) -> file.endsWith("machine.json"))) {
                removeGroupsOf(record);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void removeGroupsOf(Path record) throws IOException {
        try {
            Matcher group = GROUP.matcher(Files.readString(record));
            while (group.find()) {
                remove(Path.of(group.group(1)));
            }
        } catch (NoSuchFileException gone) {
            // Its machine has gone with its groups.
        }
    }

    private static void remove(Path group) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        do {
            ControlGroups.remove(List.of(group));
        } while (Files.exists(group) && System.nanoTime() < end);
    }
}

package dev.provision.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.store.StoreLayout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What only looks leaves every file, process and socket of the host as it was. */
class PlanTouchesNothingTest {

    private static final String BEFORE = """
            version: 1
            fleet: looked-at
            machines:
              a: { resources: { memory: { limit: 160MiB, max: 192MiB }, storage: 32MiB } }
              b: { resources: { memory: 128MiB } }
            """;

    /** Something of every class. */
    private static final String AFTER = """
            version: 1
            fleet: looked-at
            machines:
              a: { resources: { memory: { limit: 192MiB, max: 256MiB }, storage: 64MiB } }
              c: { resources: { memory: 128MiB }, dependsOn: { a: ready } }
              job: { resources: { memory: 128MiB }, run: { command: ["true"], restart: never } }
            """;

    @Test
    void everythingIsAsItWas(@TempDir Path folder) throws Exception {
        try (Provision provision = new Provision(folder)) {
            provision.write("machines.yaml", BEFORE);
            provision.write("fresh.yaml", AFTER.replace("looked-at", "never-seen"));
            looks(provision, folder, "fresh.yaml");
            provision.run("apply", "--yes").exits(0);
            provision.write("machines.yaml", AFTER);
            looks(provision, folder, "machines.yaml");
            ProcessHandle vmm = provision.vmms().getFirst();
            Path end = new StoreLayout(provision.state(), provision.runtime())
                    .machine(new MachineId("looked-at", Provision.machineOf(vmm)))
                    .vmmEnd();
            vmm.destroyForcibly();
            // Its keeper writes that down, the last that is written of it.
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> Files.size(end) > 0);
            looks(provision, folder, "machines.yaml");
        }
    }

    private static void looks(Provision provision, Path folder, String manifest) throws Exception {
        provision.run("plan", manifest); // what a first start of the program makes is not the plan's
        List<List<String>> commands = List.of(List.of("plan", manifest), List.of("plan", manifest, "-o", "json"),
                List.of("apply", "--dry-run", manifest), List.of("apply", "--dry-run", "--yes", manifest),
                List.of("plan", manifest, "--detailed-exitcode", "--allow=all"),
                List.of("plan", manifest, "--refresh-only"), List.of("validate", "--host", manifest),
                List.of("capacity", manifest), List.of("status"));
        for (List<String> command : commands) {
            SortedMap<String, String> files = files(folder);
            List<String> processes = processes(provision);
            List<String> sockets = sockets(folder);
            Provision.Result result = provision.run(command.toArray(String[]::new));
            assertTrue(result.exitCode() == 0 || (result.exitCode() >= 10 && result.exitCode() <= 12),
                    () -> command + " ended with " + result.exitCode() + "\n" + result.err());
            SortedMap<String, String> after = files(folder);
            after.entrySet().removeAll(new TreeMap<>(files).entrySet());
            assertEquals(new TreeMap<>(), after, command + " changed or made these");
            assertEquals(files.keySet(), files(folder).keySet(), command::toString);
            assertEquals(processes, processes(provision), command::toString);
            assertEquals(sockets, sockets(folder), command::toString);
        }
    }

    /**
     * Kind, mode, length, time of change and content of every file; not of those that this test's own commands write to. What
     * running guests write into disks and logs is theirs.
     */
    private static SortedMap<String, String> files(Path folder) throws Exception {
        SortedMap<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) all.filter(path -> !path.equals(folder))::iterator) {
                String name = folder.relativize(file).toString();
                if (!name.matches("(out|err)[0-9]+") && !name.endsWith("console.log") && !name.endsWith("report.log")) {
                    boolean guests = name.endsWith(".img");
                    files.put(name,
                            Files.readAttributes(file, guests ? "unix:mode,size,ino" : "unix:mode,size,ctime,ino",
                                    LinkOption.NOFOLLOW_LINKS)
                                    + (Files.isRegularFile(file) && !guests ? digest(file) : ""));
                }
            }
        }
        return files;
    }

    private static String digest(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return " " + HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    }

    private static List<String> processes(Provision provision) {
        return provision.vmms()
                .stream()
                .map(vmm -> vmm.pid() + " " + vmm.info().startInstant() + " "
                        + vmm.info().commandLine().orElse("").length())
                .sorted()
                .toList();
    }

    /** UNIX sockets below the folder that somebody listens on, by inode. */
    private static List<String> sockets(Path folder) throws IOException {
        return Files.readAllLines(Path.of("/proc/net/unix"), StandardCharsets.UTF_8)
                .stream()
                .filter(line -> line.contains(folder.toString()) && line.matches("\\S+ \\S+ \\S+ 00010000 .*"))
                .map(line -> line.replaceFirst("^\\S+ \\S+", ""))
                .sorted()
                .toList();
    }
}

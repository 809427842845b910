package dev.provision.acceptance.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import dev.provision.acceptance.LiveFolders;
import dev.provision.acceptance.Provision;
import dev.provision.hypervisor.MachineId;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is true of a fleet on this host after an apply, whatever happened before it. */
final class Invariants {

    private static final Path GROUPS = Path.of("/sys/fs/cgroup");

    /** What the guest wrote when its disk was new, and what it shows now. */
    private static final String WITNESS = """
            [ -e /data/witness ] || { head -c 1000000 /dev/urandom > /data/witness; sync; }
            sha256sum < /data/witness""";

    private static final SortedSet<String> SOCKETS = new TreeSet<>(
            List.of("agent.sock", "console.sock", "qmp.sock", "shell.sock"));

    private final Provision provision;
    private final String fleet;
    private final Map<String, String> checksums = new HashMap<>();

    Invariants(Provision provision, String fleet) {
        this.provision = provision;
        this.fleet = fleet;
    }

    /** Checks all of them. */
    void hold(SortedSet<String> wanted) throws IOException {
        hold(wanted, wanted);
    }

    /** @param withStorage those of the wanted that have a persistent disk */
    void hold(SortedSet<String> withStorage, SortedSet<String> wanted) throws IOException {
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("Nothing to do"), plan);
        wanted.forEach(machine -> assertEquals("ready", provision.state(machine), machine));
        assertEquals(wanted.stream().toList(), vmmNames(), "one VMM for each machine, none for others");
        assertEquals(processesOf(wanted), processes());
        assertEquals(wanted, names(provision.state().resolve("fleets/" + fleet + "/machines")));
        nothingIsLeftOfOthers(wanted);
        withStorage.forEach(this::storageIsAsItWas);
    }

    private List<String> vmmNames() {
        return provision.vmms().stream().map(Provision::machineOf).sorted().toList();
    }

    /** The program and the machine of each process that has to do with this store: its arguments name it. */
    private List<String> processes() throws IOException {
        List<String> all = new ArrayList<>();
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            List<String> argv = argvOf(process);
            if (argv.stream().anyMatch(word -> word.contains(provision.state().toString()))) {
                String machine = argv.stream()
                        .filter(word -> word.startsWith(fleet + "/"))
                        .findFirst()
                        .orElse(String.join(" ", argv));
                all.add(machine + " " + Path.of(argv.getFirst()).getFileName());
            }
        }
        return all.stream().sorted().toList();
    }

    private static List<String> argvOf(ProcessHandle process) {
        try {
            return List.of(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"),
                    StandardCharsets.ISO_8859_1).split("\0", -1));
        } catch (IOException e) {
            return List.of(); // it has ended
        }
    }

    /** Each machine has its VMM, the process that keeps its logs, and no other. */
    private List<String> processesOf(SortedSet<String> wanted) {
        return wanted.stream()
                .flatMap(machine -> Stream.of("perl", "qemu-system-x86_64")
                        .map(program -> fleet + "/" + machine + " " + program))
                .toList();
    }

    private void nothingIsLeftOfOthers(SortedSet<String> wanted) throws IOException {
        SortedSet<String> expected = new TreeSet<>();
        wanted.forEach(machine -> expected.add(new MachineId(fleet, machine).uuid().toString()));
        try (Stream<Path> stores = Files.list(provision.runtime())) {
            for (Path store : stores.toList()) {
                assertEquals(expected, names(store), "folders of sockets");
                assertEquals(expected, names(store.resolve("records")), "copies of records");
                for (String machine : expected) {
                    assertEquals(SOCKETS, names(store.resolve(machine)), "sockets");
                }
            }
        }
        try (Stream<Path> files = Files.walk(provision.state())) {
            assertEquals(List.of(), files.filter(file -> file.toString().endsWith(".tmp")).toList(),
                    "files that were being written");
        }
        groupsAreCalledSo(wanted);
        // One for each controller where the host has them apart, all by the same name.
        Map<String, String> groupOf = new HashMap<>();
        for (Path group : groups()) {
            String name = String.valueOf(group.getFileName()).substring(fleet.length() + 1);
            String machine = name.substring(0, name.lastIndexOf('-'));
            assertTrue(wanted.contains(machine), () -> group + " is left over");
            String other = groupOf.putIfAbsent(machine, name);
            assertTrue(other == null || other.equals(name), () -> group + " is one too many");
        }
    }

    /** Its file survives the machine; what was in it does too. */
    private void storageIsAsItWas(String machine) {
        String now = provision.exec(machine, "sh", "-c", WITNESS);
        assertFalse(now.isBlank());
        String before = checksums.putIfAbsent(machine, now);
        if (before != null) {
            assertEquals(before, now, () -> "the storage of " + machine);
        }
    }

    /** Of this store: a fleet of another one may have the same name, or a run that was killed may have left some. */
    private List<Path> groups() throws IOException {
        if (Files.notExists(GROUPS)) {
            return List.of();
        }
        return LiveFolders.find(GROUPS, 8, (path, attributes) -> attributes.isDirectory()
                && path.resolveSibling("").endsWith("provision") && isOurs(String.valueOf(path.getFileName())));
    }

    private boolean isOurs(String group) {
        int end = group.lastIndexOf('-');
        return group.startsWith(fleet + ".") && end > fleet.length()
                && group.equals(groupOf(group.substring(fleet.length() + 1, end)));
    }

    /** The name that tells the machines of two stores apart, by the folder of this one. */
    private String groupOf(String machine) {
        CRC32 store = new CRC32();
        store.update(folderOf(machine).toString().getBytes(StandardCharsets.UTF_8));
        return fleet + "." + machine + "-" + Long.toHexString(store.getValue());
    }

    private Path folderOf(String machine) {
        return provision.state().resolve("fleets/" + fleet + "/machines/" + machine);
    }

    /** Else what is left over would not be found. */
    private void groupsAreCalledSo(SortedSet<String> wanted) throws IOException {
        for (String machine : wanted) {
            String record = Files.readString(folderOf(machine).resolve("machine.json"));
            assertTrue(!record.contains(GROUPS + "/") || record.contains("/" + groupOf(machine) + "\""), record);
        }
    }

    private static SortedSet<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> !name.equals("volume") && !name.equals("records"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}

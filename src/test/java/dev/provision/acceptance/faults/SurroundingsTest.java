package dev.provision.acceptance.faults;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.acceptance.Provision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What may happen around a machine that runs: to its VMM, its monitor, its host, its store. */
class SurroundingsTest {

    private static final String FLEET = "faults";

    @TempDir
    private Path folder = Path.of("");

    private Provision provision = new Provision(folder);
    private Invariants invariants = new Invariants(provision, FLEET);

    @BeforeEach
    void boot() throws IOException {
        provision = new Provision(folder);
        invariants = new Invariants(provision, FLEET);
        provision.write("machines.yaml", """
                version: 1
                fleet: %s
                machines:
                  a: { resources: { memory: 128MiB, storage: 32MiB } }
                """.formatted(FLEET));
        provision.run("apply", "--yes").exits(0);
        holds();
    }

    @AfterEach
    void endVmms() {
        provision.close();
    }

    private void holds() throws IOException {
        invariants.hold(new TreeSet<>(List.of("a")));
    }

    private static void withoutTrace(Provision.Result result) {
        String all = result.out() + result.err();
        assertFalse(all.contains("\tat ") || all.contains("Exception"), all);
    }

    private static void signal(long pid, String signal) throws Exception {
        assertTrue(pid > 1, () -> "pid " + pid);
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor());
    }

    private Path monitor() throws IOException {
        try (Stream<Path> files = Files.walk(provision.runtime())) {
            return files.filter(file -> file.endsWith("qmp.sock")).findFirst().orElseThrow();
        }
    }

    /** It hangs, says status; apply ends it hard and starts it again. */
    private void isRestartedHard(long pid) throws IOException {
        assertEquals("unresponsive", provision.state("a"));
        Provision.Result apply = provision.run("apply", "--yes").exits(0);
        withoutTrace(apply);
        assertNotEquals(pid, provision.pid("a"));
        holds();
    }

    @Test
    void aVmmThatWasKilledIsStartedAgain() throws Exception {
        signal(provision.pid("a"), "KILL");
        provision.vmms().forEach(vmm -> vmm.onExit().join());
        assertEquals("dead", provision.state("a"));
        provision.run("apply", "--yes").exits(0);
        holds();
    }

    @Test
    void aVmmThatIsStoppedIsRestartedHard() throws Exception {
        long pid = provision.pid("a");
        signal(pid, "STOP");
        isRestartedHard(pid);
    }

    @Test
    void aMonitorThatIsRemovedCostsARestart() throws Exception {
        long pid = provision.pid("a");
        Files.delete(monitor());
        isRestartedHard(pid);
    }

    @Test
    void aMonitorThatSpeaksGarbageOrNothingIsNotBelieved() throws Exception {
        for (String says : List.of("", "HTTP/1.1 400 Bad Request\r\n\r\n", "{\"QMP\": [[[[\n",
                "{\"return\": 7}\n{}\n")) {
            long pid = provision.pid("a");
            Path socket = monitor();
            Files.delete(socket);
            try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(socket));
                Thread speaker = Thread.ofVirtual().start(() -> speak(server, says));
                isRestartedHard(pid);
                speaker.interrupt();
            }
        }
    }

    /** To all who come, until the server is closed; holds them, as one that hangs does. */
    private static void speak(ServerSocketChannel server, String text) {
        try {
            while (true) {
                SocketChannel client = server.accept();
                client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    /** All processes are gone, and with them what the runtime folder held. */
    @Test
    void aRebootOfTheHostLeavesMachinesThatAreStarted() throws Exception {
        provision.vmms().forEach(vmm -> {
            vmm.destroyForcibly();
            vmm.onExit().join();
        });
        assertEquals(0, new ProcessBuilder("rm", "-r", provision.runtime().toString()).start().waitFor());
        Path record = provision.state().resolve("fleets/" + FLEET + "/machines/a/machine.json");
        String before = Files.readString(record);
        String other = before.replaceFirst("\"startTime\" : \"[0-9a-f-]{36}",
                "\"startTime\" : \"00000000-0000-0000-0000-000000000000");
        assertNotEquals(before, other);
        // Of all pids, one that is in use now.
        Files.writeString(record, other.replaceFirst("\"pid\" : [0-9]+", "\"pid\" : " + ProcessHandle.current().pid()));
        assertEquals("dead", provision.state("a"));
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("1 to start"), plan);
        provision.run("apply", "--yes").exits(0);
        holds();
    }

    /** The store's name is part of what a VMM is known by: under another one, no machine is mistaken for ours, or started twice. */
    @Test
    void aStoreThatIsMovedAwayAndBackIsWhatItWas() throws Exception {
        long pid = provision.pid("a");
        Path elsewhere = folder.resolve("elsewhere");
        Files.move(provision.state(), elsewhere);
        assertEquals(List.of(), provision.storeFiles());
        withoutTrace(provision.run("status"));
        Files.move(elsewhere, provision.state());
        assertEquals(pid, provision.pid("a"));
        holds();
    }

    /** Their VMMs have other names for them than the store has now: neither are they started twice, nor their disks taken away. */
    @Test
    void machinesOfAStoreThatIsUsedByAnotherPathAreLeftAlone() throws Exception {
        provision.write("machines.yaml", """
                version: 1
                fleet: %s
                machines:
                  a: { resources: { memory: 128MiB, storage: 32MiB } }
                  b: { resources: { memory: 128MiB } }
                """.formatted(FLEET));
        provision.run("apply", "--yes").exits(0);
        List<Long> pids = List.of(provision.pid("a"), provision.pid("b"));
        Path elsewhere = folder.resolve("elsewhere");
        Files.move(provision.state(), elsewhere);
        List<String> moved = List.of("env", "PROVISION_STATE_DIR=" + elsewhere);
        for (String command : List.of("status", "plan", "apply --yes --allow=all", "start b", "stop b", "restart a",
                "destroy --yes --storage")) {
            Provision.Result refused = provision.runBehind(moved, command.split(" ", -1)).exits(1);
            withoutTrace(refused);
            assertTrue(refused.err().contains("started from the state folder " + provision.state())
                    && refused.err().contains("fix: use " + provision.state() + " again"), refused.err());
        }
        assertEquals(Set.copyOf(pids), provision.vmms().stream().map(ProcessHandle::pid).collect(Collectors.toSet()));

        Files.createSymbolicLink(provision.state(), elsewhere);
        assertEquals(pids, List.of(provision.pid("a"), provision.pid("b")), "its name leads there");
        Files.delete(provision.state());
        Files.move(elsewhere, provision.state());
        invariants.hold(new TreeSet<>(List.of("a")), new TreeSet<>(List.of("a", "b")));
        assertEquals(pids, List.of(provision.pid("a"), provision.pid("b")));
    }
}

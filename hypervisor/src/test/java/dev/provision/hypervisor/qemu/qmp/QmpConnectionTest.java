package dev.provision.hypervisor.qemu.qmp;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.channel.ScriptedServer;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

@SuppressWarnings("try") // servers are only there
class QmpConnectionTest {
    private static final String GREETING = "{\"QMP\": {\"version\": {}, \"capabilities\": [\"oob\"]}}\r\n";
    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private static void greet(ScriptedServer.Client client) throws IOException {
        client.say(GREETING);
        assertEquals("{\"execute\":\"qmp_capabilities\",\"id\":1}", client.hear());
        client.say("{\"return\": {}, \"id\": 1}\r\n");
    }

    private ScriptedServer server(ScriptedServer.Script script) throws IOException {
        return new ScriptedServer(socket(), script);
    }

    private Path socket() {
        return folder.resolve("qmp.sock");
    }

    private QmpException.Kind failure(Duration deadline) {
        Monitor monitor = new Monitor(socket());
        return assertTimeoutPreemptively(LONG,
                () -> assertThrows(QmpException.class, () -> monitor.status(Deadline.in(deadline))).kind());
    }

    @Test
    void keepsEventsApartFromAnswers() throws Exception {
        try (var server = server(client -> {
            greet(client);
            client.say("{\"event\": \"BALLOON_CHANGE\", \"data\": {\"actual\": 5}, \"timestamp\": {}}\r\n");
            assertEquals("{\"execute\":\"balloon\",\"arguments\":{\"value\":1048576},\"id\":2}", client.hear());
            client.say("{\"event\": \"STOP\"}\r\n{\"return\": {}, \"id\": 2}\r\n");
            client.hang();
        }); var connection = QmpConnection.open(socket(), Deadline.in(LONG))) {
            connection.execute("balloon", QmpConnection.arguments().put("value", 1 << 20), Deadline.in(LONG));
            assertEquals("BALLOON_CHANGE", connection.events().getFirst().name());
            assertEquals(5, connection.events().getFirst().data().path("actual").intValue());
            assertEquals("STOP", connection.events().getLast().name());
        }
    }

    @Test
    void answersInPieces() throws Exception {
        try (var server = server(client -> {
            greet(client);
            client.hear();
            for (char c : "{\"return\": {\"actual\": 1048576}, \"id\": 2}\r\n".toCharArray()) {
                client.say(String.valueOf(c));
            }
            client.hear();
            client.say("{\"return\": {\"base-memory\": 2097152}, \"id\": 3}\r\n");
            client.hear();
            client.say("{\"return\": [{\"type\": \"dimm\"}, {\"type\": \"virtio-mem\", \"data\": {\"id\": \"mem0\","
                    + " \"size\": 4194304, \"block-size\": 2097152, \"max-size\": 8388608}}], \"id\": 4}\r\n");
            client.hang();
        })) {
            assertEquals(new VmmMemory(ByteSize.ofMib(2), ByteSize.ofMib(1), Optional.of(new VmmMemory.Region("mem0",
                    ByteSize.ofMib(4), ByteSize.ofMib(2), ByteSize.ofMib(8)))),
                    new Monitor(socket()).memory(Deadline.in(LONG)));
        }
    }

    @Test
    void errorsCarryQemusWords() throws Exception {
        try (var server = server(client -> {
            greet(client);
            client.hear();
            client.say("{\"error\": {\"class\": \"GenericError\", \"desc\": \"No balloon\"}, \"id\": 2}\r\n");
            client.hang();
        })) {
            var e = assertThrows(QmpException.class, () -> new Monitor(socket()).memory(Deadline.in(LONG)));
            assertEquals(QmpException.Kind.REFUSED, e.kind());
            assertEquals("query-balloon: No balloon", e.getMessage());
        }
    }

    @Test
    void aVmmThatHangsIsATimeout() throws Exception {
        try (var server = server(ScriptedServer.Client::hang)) {
            assertEquals(QmpException.Kind.TIMEOUT, failure(SOON));
        }
        assertEquals(QmpException.Kind.UNREACHABLE, failure(SOON));
    }

    @Test
    void aVmmThatOnlySendsEventsIsATimeout() throws Exception {
        try (var server = server(client -> {
            greet(client);
            while (true) {
                client.say("{\"event\": \"RTC_CHANGE\"}\r\n");
                Thread.sleep(5);
            }
        })) {
            assertEquals(QmpException.Kind.TIMEOUT, failure(SOON));
        }
    }

    @Test
    void garbageIsGarbage() throws Exception {
        try (var server = server(client -> {
            client.say("SSH-2.0-OpenSSH\r\n");
            client.hang();
        })) {
            assertEquals(QmpException.Kind.GARBAGE, failure(LONG));
        }
    }

    @Test
    void aLineWithoutEndIsGarbage() throws Exception {
        try (var server = server(client -> {
            while (true) {
                client.say("x".repeat(100_000));
            }
        })) {
            assertEquals(QmpException.Kind.GARBAGE, failure(LONG));
        }
    }

    @Test
    void aVmmThatDiesIsClosed() throws Exception {
        try (var server = server(QmpConnectionTest::greet)) {
            assertEquals(QmpException.Kind.CLOSED, failure(LONG));
        }
    }

    @Test
    void nobodyThereIsUnreachable() {
        assertEquals(QmpException.Kind.UNREACHABLE, failure(LONG));
    }

    @Test
    void quitReadsUntilTheEnd() throws Exception {
        try (var server = server(client -> {
            greet(client);
            assertEquals("{\"execute\":\"quit\",\"id\":2}", client.hear());
            client.say("{\"return\": {}, \"id\": 2}\r\n{\"event\": \"SHUTDOWN\"}\r\n");
            Thread.sleep(100);
        })) {
            long begin = System.nanoTime();
            new Monitor(socket()).quit(Deadline.in(LONG));
            assertEquals(true, System.nanoTime() - begin >= 100_000_000);
        }
    }

    @Test
    void aVmmThatNeverStopsTalkingIsATimeout() throws Exception {
        String events = "{\"event\": \"RTC_CHANGE\"}\r\n".repeat(10_000);
        try (var server = server(client -> {
            greet(client);
            while (true) {
                client.say(events);
            }
        })) {
            assertEquals(QmpException.Kind.TIMEOUT, failure(SOON));
        }
    }
}

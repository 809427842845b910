package dev.provision.hypervisor.qemu.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.ExecResult;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.channel.ScriptedServer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

@SuppressWarnings("try") // servers are only there
class GuestAgentTest {
    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private Path socket() {
        return folder.resolve("agent.sock");
    }

    private ScriptedServer server(ScriptedServer.Script script) throws IOException {
        return new ScriptedServer(socket(), script);
    }

    /** With an answer to an earlier client before it, as after a client that went too soon. */
    private static void synchronise(ScriptedServer.Client client) throws IOException {
        String request = client.hear();
        assertEquals('\u00ff', request.charAt(0));
        int id = new JsonMapper().readTree(request.substring(1)).path("arguments").path("id").intValue();
        client.say("{\"return\": {\"pid\": 99}}\n\u00ff{\"return\": 1}\n\u00ff{\"return\": " + id + "}\n");
    }

    private ScriptedServer answering(String request, String answer) throws IOException {
        return server(client -> {
            synchronise(client);
            String heard = client.hear();
            client.say(heard.equals(request) ? answer : "{\"error\": {\"desc\": \"heard \\\"nonsense\\\"\"}}\n");
            client.hang();
        });
    }

    @Test
    void pings() throws Exception {
        try (var server = answering("{\"execute\":\"guest-ping\"}", "{\"return\": {}}\n")) {
            new GuestAgent(socket()).ping(Deadline.in(LONG));
        }
    }

    /** The agent was just being started again: what was sent to nobody is gone. */
    @Test
    void asksAgainWhenItWasNotHeard() throws Exception {
        AtomicInteger clients = new AtomicInteger();
        try (var server = server(client -> {
            if (clients.incrementAndGet() == 1) {
                client.hear();
                client.hang();
                return;
            }
            synchronise(client);
            client.hear();
            client.say("{\"return\": {}}\n");
            client.hang();
        })) {
            new GuestAgent(socket()).ping(Deadline.in(Duration.ofSeconds(60)));
        }
        assertEquals(2, clients.get());
    }

    @Test
    void readsVcpus() throws Exception {
        try (var server = answering("{\"execute\":\"guest-get-vcpus\"}",
                "{\"return\": [{\"online\": true, \"can-offline\": false, \"logical-id\": 0},"
                        + " {\"online\": false, \"can-offline\": true, \"logical-id\": 1}]}\n")) {
            assertEquals(List.of(new Vcpu(0, true), new Vcpu(1, false)),
                    new GuestAgent(socket()).vcpus(Deadline.in(LONG)));
        }
    }

    @Test
    void startsCommands() throws Exception {
        try (var server = answering("{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"cat\","
                + "\"capture-output\":true,\"arg\":[\"-\"],\"env\":[\"A=b\"],\"input-data\":\"aGk=\"}}",
                "{\"return\": {\"pid\": 7}}\n")) {
            assertEquals(7, new GuestAgent(socket()).start(List.of("cat", "-"), List.of("A=b"),
                    "hi".getBytes(StandardCharsets.UTF_8), Deadline.in(LONG)));
        }
    }

    @Test
    void decodesResults() throws Exception {
        try (var server = answering("{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":7}}",
                "{\"return\": {\"exited\": true, \"signal\": 9, \"out-data\": \"aGk=\", \"out-truncated\": true}}\n")) {
            ExecResult result = new GuestAgent(socket()).result(7, Deadline.in(LONG)).orElseThrow();
            assertEquals(137, result.exitCode());
            assertArrayEquals("hi".getBytes(StandardCharsets.UTF_8), result.stdout());
            assertEquals(0, result.stderr().length);
            assertTrue(result.truncated());
        }
    }

    @Test
    void shutdownIsNotAnswered() throws Exception {
        try (var server = server(client -> {
            synchronise(client);
            client.hang();
        })) {
            new GuestAgent(socket()).shutdown(Deadline.in(LONG));
        }
    }

    @Test
    void failuresHaveKinds() throws Exception {
        try (var server = answering("", "")) {
            assertEquals(AgentException.Kind.REFUSED, failure(LONG));
        }
        Files.delete(socket());
        try (var server = server(ScriptedServer.Client::hang)) {
            assertEquals(AgentException.Kind.TIMEOUT, failure(SOON));
        }
        Files.delete(socket());
        try (var server = server(client -> {
            synchronise(client);
            client.hear();
            client.say("what?\n");
            client.hang();
        })) {
            assertEquals(AgentException.Kind.GARBAGE, failure(LONG));
        }
        assertEquals(AgentException.Kind.UNREACHABLE, failure(LONG));
    }

    private AgentException.Kind failure(Duration deadline) {
        GuestAgent agent = new GuestAgent(socket());
        return assertThrows(AgentException.class, () -> agent.ping(Deadline.in(deadline))).kind();
    }

    @Test
    void shutdownThatNobodyHeardIsAFailure() {
        var e = assertThrows(AgentException.class, () -> new GuestAgent(socket()).shutdown(Deadline.in(LONG)));
        assertEquals(AgentException.Kind.UNREACHABLE, e.kind());
    }

    @Test
    void wordsOfTheGuestAreMadeFitForATerminal() throws Exception {
        try (var server = answering("{\"execute\":\"guest-ping\"}",
                "{\"error\": {\"desc\": \"\\u001b[2Jno\\nway\\u009b" + "!".repeat(1000) + "\"}}\n")) {
            var e = assertThrows(AgentException.class, () -> new GuestAgent(socket()).ping(Deadline.in(LONG)));
            assertEquals("guest-ping: no way" + "!".repeat(394) + "…", e.getMessage());
        }
    }

    @Test
    void anExitCodeIsAByte() throws Exception {
        for (String code : List.of("\"exitcode\": 256", "\"exitcode\": -1", "\"signal\": 2147483647")) {
            try (var server = answering("{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":7}}",
                    "{\"return\": {\"exited\": true, " + code + "}}\n")) {
                var e = assertThrows(AgentException.class,
                        () -> new GuestAgent(socket()).result(7, Deadline.in(LONG)));
                assertEquals(AgentException.Kind.GARBAGE, e.kind());
            }
            Files.delete(socket());
        }
    }

    @Test
    void aGuestThatNeverStopsTalkingIsATimeout() throws Exception {
        String lines = "{\"return\": {}}\n".repeat(10_000);
        try (var server = server(client -> {
            while (true) {
                client.say(lines);
            }
        })) {
            assertEquals(AgentException.Kind.TIMEOUT,
                    assertTimeoutPreemptively(LONG, () -> failure(SOON)));
        }
    }

    @Test
    void anInterruptIsAnInterrupt() throws Exception {
        try (var server = server(ScriptedServer.Client::hang)) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> new GuestAgent(socket()).ping(Deadline.in(LONG)));
            assertFalse(Thread.interrupted());
        }
    }
}

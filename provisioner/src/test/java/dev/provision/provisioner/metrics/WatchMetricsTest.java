package dev.provision.provisioner.metrics;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.plan.Step;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WatchMetricsTest {

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final WatchMetrics metrics = new WatchMetrics(new InstantSource() {
        @Override
        public Instant instant() {
            return now;
        }
    });

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** A machine's VMM ends, and it is ready again 3 s later. */
    private void recovery() {
        metrics.vmmEnded("a");
        now = now.plusSeconds(3);
        metrics.accept(new Event.StepStarted("a", new Step.Stop()));
        metrics.accept(new Event.StepDone("a", new Step.Stop(), Duration.ZERO));
        metrics.accept(new Event.MachineEnded("a", new Outcome.Done(), Duration.ZERO));
        metrics.accept(new Event.RunEnded(new Ledger("lab", new LinkedHashMap<>(), Duration.ZERO)));
        metrics.accept(new Event.Settled(1));
    }

    private Map<String, String> samples() throws IOException {
        Map<String, String> samples = new TreeMap<>();
        List<String> lines = new String(metrics.text(), StandardCharsets.UTF_8).lines().toList();
        assertEquals("# EOF", lines.getLast());
        for (String line : lines) {
            if (!line.startsWith("#")) {
                int blank = line.lastIndexOf(' ');
                samples.put(line.substring(0, blank), line.substring(blank + 1));
            }
        }
        return samples;
    }

    private static double number(Map<String, String> samples, String name) {
        return Double.parseDouble(Objects.requireNonNull(samples.get(name), () -> name + " is none of " + samples));
    }

    @Test
    void countsWhatHasHappened() throws IOException {
        recovery();
        metrics.looked(Map.of("ready", 2L), new Share(new Cpus(4000), ByteSize.ofGib(2)), Share.NOTHING);
        Map<String, String> samples = samples();
        assertEquals(1, number(samples, "provision_restarts_total{machine=\"a\"}"));
        assertEquals(1, number(samples, "provision_recovery_seconds_count"));
        assertEquals(3, number(samples, "provision_recovery_seconds_sum"));
        assertEquals(0, number(samples, "provision_recovery_seconds_bucket{le=\"2.0\"}"));
        assertEquals(1, number(samples, "provision_recovery_seconds_bucket{le=\"5.0\"}"));
        assertEquals(1, number(samples, "provision_runs_total{result=\"done\"}"));
        assertEquals(1, number(samples, "provision_steps_total{action=\"stop\",result=\"done\"}"));
        assertEquals(1, number(samples, "provision_settled"));
        assertEquals(2, number(samples, "provision_machines{state=\"ready\"}"));
        assertEquals(4, number(samples, "provision_pool_cpus{of=\"size\"}"));
        assertEquals(0, number(samples, "provision_pool_cpus{of=\"held\"}"));
        assertEquals(2147483648.0, number(samples, "provision_pool_memory_bytes{of=\"size\"}"));
        assertEquals((double) now.getEpochSecond(), number(samples, "provision_last_plan_timestamp_seconds"));
        String text = new String(metrics.text(), StandardCharsets.UTF_8);
        assertTrue(text.contains("# TYPE provision_restarts counter\n"), text);
        assertTrue(text.contains("# TYPE provision_recovery_seconds histogram\n"), text);
        assertTrue(text.contains("# UNIT provision_recovery_seconds seconds\n"), text);
    }

    /** A restart that the watch does itself is no recovery. */
    @Test
    void whatAPlanEndsIsNoSurprise() throws IOException {
        metrics.accept(new Event.StepStarted("a", new Step.Stop()));
        metrics.vmmEnded("a");
        metrics.accept(new Event.MachineEnded("a", new Outcome.Done(), Duration.ZERO));
        Map<String, String> samples = samples();
        assertFalse(samples.containsKey("provision_restarts_total{machine=\"a\"}"), samples::toString);
        assertEquals(1, number(samples, "provision_steps_total{action=\"stop\",result=\"failed\"}"));
    }

    @Test
    void answersOverHttp() throws Exception {
        try (MetricsServer server = MetricsServer.open(MetricsAddress.parse("127.0.0.1:0"), metrics);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(server.where())).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
            assertTrue(
                    answer.headers()
                            .firstValue("Content-Type")
                            .orElseThrow()
                            .startsWith("application/openmetrics-text"),
                    answer.headers()::toString);
            assertTrue(answer.body().endsWith("# EOF\n"), answer.body());
            assertEquals(404, client.send(HttpRequest.newBuilder(URI.create(server.where() + "x")).build(),
                    HttpResponse.BodyHandlers.ofString()).statusCode());
        }
    }

    @Test
    void answersOverASocketThatOnlyItsOwnerMayUse() throws Exception {
        Path path = folder.resolve("m.sock");
        MetricsAddress address = MetricsAddress.parse("unix:" + path);
        try (MetricsServer _ = MetricsServer.open(address, metrics)) {
            assertEquals("rw-------",
                    java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                client.connect(UnixDomainSocketAddress.of(path));
                client.write(ByteBuffer
                        .wrap("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
                String answer = new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(answer.startsWith("HTTP/1.0 200 OK\r\n"), answer);
                assertTrue(answer.endsWith("# EOF\n"), answer);
            }
            assertThrows(IOException.class, () -> MetricsServer.open(address, metrics), "somebody listens there");
        }
        assertFalse(Files.exists(path), "nothing is left of it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:9090", "192.168.1.2:9090", "[::]:9090", "[2001:db8::1]:9090"})
    void whatOthersCanReachIsRefused(String text) {
        String why = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> MetricsAddress.parse(text)).getMessage());
        assertTrue(why.contains("can be reached from other hosts"), why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9090", "localhost:9090", "127.0.0.1", "127.0.0.1:99999", "unix:", "999.0.0.1:80"})
    void whatIsNoAddressIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> MetricsAddress.parse(text));
    }
}

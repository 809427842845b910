package dev.provision.provisioner.metrics;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class MetricsServerTest {

    private static final MetricsAddress ANY_PORT = MetricsAddress.parse("127.0.0.1:0");

    private final WatchMetrics metrics = new WatchMetrics(InstantSource.system());

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private Path path() {
        return folder.resolve("m.sock");
    }

    private MetricsServer onSocket() throws IOException {
        return MetricsServer.open(MetricsAddress.parse("unix:" + path()), metrics);
    }

    private static HttpResponse<String> ask(HttpClient client, String method, String url) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(url)).method(method, HttpRequest.BodyPublishers.noBody()).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static long length(HttpResponse<String> answer) {
        return answer.headers().firstValueAsLong("Content-Length").orElseThrow();
    }

    @Test
    void answersOverHttp() throws Exception {
        try (MetricsServer server = MetricsServer.open(ANY_PORT, metrics);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = ask(client, "GET", server.where() + "?x=1");
            assertEquals(200, answer.statusCode());
            String type = answer.headers().firstValue("Content-Type").orElseThrow();
            assertTrue(type.startsWith("application/openmetrics-text"), type);
            assertTrue(answer.body().endsWith("# EOF\n"), answer.body());
            HttpResponse<String> head = ask(client, "HEAD", server.where());
            assertEquals(200, head.statusCode());
            assertEquals("", head.body());
            assertEquals(length(answer), length(head));
            assertEquals(405, ask(client, "DELETE", server.where()).statusCode());
            assertEquals(404, ask(client, "GET", server.where() + "x").statusCode());
        }
    }

    private static String askRaw(Path path, String request) throws IOException {
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(path));
            client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void answersOverASocketThatOnlyItsOwnerMayUse() throws Exception {
        try (MetricsServer _ = onSocket()) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
            String answer = askRaw(path(), "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), answer);
            assertTrue(answer.endsWith("# EOF\n"), answer);
            String nonsense = askRaw(path(), "hello\r\n\r\n");
            assertTrue(nonsense.startsWith("HTTP/1.1 400 "), nonsense);
            assertThrows(IOException.class, this::onSocket, "somebody listens there");
        }
        assertFalse(Files.exists(path()), "nothing is left of it");
    }

    @Test
    void socketThatAKilledWatchHasLeftIsReplaced() throws Exception {
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(path()));
        }
        assertTrue(Files.exists(path()));
        try (MetricsServer _ = onSocket()) {
            assertTrue(askRaw(path(), "GET /metrics HTTP/1.1\r\n\r\n").endsWith("# EOF\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "folder", "link", "dangling"})
    void whatIsNoSocketIsLeftAlone(String kind) throws Exception {
        Path precious = Files.writeString(folder.resolve("precious"), "work of years");
        switch (kind) {
            case "file" -> Files.writeString(path(), "work of years");
            case "folder" -> Files.createDirectory(path());
            case "link" -> Files.createSymbolicLink(path(), precious);
            default -> Files.createSymbolicLink(path(), folder.resolve("nowhere"));
        }
        String why = String.valueOf(assertThrows(IOException.class, this::onSocket).getMessage());
        assertTrue(why.contains("is no socket"), why);
        assertTrue(Files.exists(path(), LinkOption.NOFOLLOW_LINKS));
        assertEquals("work of years", Files.readString(kind.equals("file") ? path() : precious));
    }

    @Test
    void whatAnotherHandHasPutThereStays() throws Exception {
        try (MetricsServer _ = onSocket()) {
            Files.delete(path());
            Files.writeString(path(), "work of years");
        }
        assertEquals("work of years", Files.readString(path()));
        Files.delete(path());
        try (ServerSocketChannel others = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            try (MetricsServer _ = onSocket()) {
                Files.move(path(), folder.resolve("aside"));
                others.bind(UnixDomainSocketAddress.of(path()));
            }
            assertTrue(Files.exists(path()), "the socket of somebody else");
        }
    }

    @Test
    void whoAsksSlowlyKeepsNobodyWaitingAndIsCutOff() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try (MetricsServer server = MetricsServer.open(ANY_PORT, metrics, Duration.ofSeconds(8));
                HttpClient client = HttpClient.newHttpClient()) {
            int port = URI.create(server.where()).getPort();
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                slow.add(socket);
                socket.getOutputStream().write("GET /met".getBytes(StandardCharsets.US_ASCII));
            }
            long begun = System.nanoTime();
            assertEquals(200, ask(client, "GET", server.where()).statusCode());
            assertTrue(Duration.ofNanos(System.nanoTime() - begun).toMillis() < 7500, "it waited for others");
            for (Socket socket : slow) {
                socket.setSoTimeout(20_000);
                assertEquals(-1, socket.getInputStream().read());
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void manyAtOnceAreTurnedAwayUntilThereIsRoom() throws Exception {
        List<SocketChannel> idle = new ArrayList<>();
        try (MetricsServer _ = MetricsServer.open(MetricsAddress.parse("unix:" + path()), metrics,
                Duration.ofSeconds(3))) {
            for (int i = 0; i < 16; i++) {
                idle.add(SocketChannel.open(UnixDomainSocketAddress.of(path())));
            }
            try (SocketChannel turnedAway = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
                assertEquals(-1, turnedAway.read(ByteBuffer.allocate(1)));
            }
            for (SocketChannel one : idle) {
                assertEquals(-1, one.read(ByteBuffer.allocate(1)), "cut off");
            }
            assertTrue(askRaw(path(), "GET /metrics HTTP/1.1\r\n\r\n").endsWith("# EOF\n"), "there is room again");
        } finally {
            for (SocketChannel one : idle) {
                one.close();
            }
        }
    }
}

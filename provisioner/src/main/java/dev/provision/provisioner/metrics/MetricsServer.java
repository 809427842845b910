package dev.provision.provisioner.metrics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** Answers GET /metrics. */
public final class MetricsServer implements AutoCloseable {

    private static final int MOST_REQUEST_BYTES = 8192;

    private final String where;
    private final Runnable end;

    private MetricsServer(String where, Runnable end) {
        this.where = where;
        this.end = end;
    }

    /** Listens from now on until it is closed. */
    public static MetricsServer open(MetricsAddress address, WatchMetrics metrics) throws IOException {
        return switch (address) {
            case MetricsAddress.Loopback loopback -> overHttp(loopback, metrics);
            case MetricsAddress.UnixSocket socket -> overSocket(socket.path(), metrics);
        };
    }

    /** {@code http://127.0.0.1:9090/metrics} or {@code unix:/run/lab.sock}. */
    public String where() {
        return where;
    }

    private static MetricsServer overHttp(MetricsAddress.Loopback loopback, WatchMetrics metrics) throws IOException {
        HttpServer server = HttpServer.create(loopback.address(), 16);
        ExecutorService thread = Executors
                .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("metrics").factory());
        server.setExecutor(thread);
        server.createContext("/", exchange -> answer(exchange, metrics));
        server.start();
        String host = loopback.address().getAddress().getHostAddress();
        return new MetricsServer("http://" + (host.contains(":") ? "[::1]" : host) + ":"
                + server.getAddress().getPort() + "/metrics", () -> {
                    server.stop(0);
                    thread.shutdownNow();
                });
    }

    private static void answer(HttpExchange exchange, WatchMetrics metrics) throws IOException {
        try (exchange) {
            boolean isAsked = exchange.getRequestURI().getPath().equals("/metrics");
            if (!isAsked || !exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(isAsked ? 405 : 404, -1);
                return;
            }
            byte[] text = metrics.text();
            exchange.getResponseHeaders().set("Content-Type", WatchMetrics.CONTENT_TYPE);
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    /** A socket that somebody else listens on is left alone; one that a killed watch has left is replaced. */
    private static MetricsServer overSocket(Path path, WatchMetrics metrics) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
        if (Files.exists(path)) {
            try (SocketChannel _ = SocketChannel.open(address)) {
                throw new IOException("somebody listens on " + path + " already");
            } catch (ConnectException e) {
                Files.delete(path);
            }
        }
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(address);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            server.close();
            throw e;
        }
        Thread.ofPlatform().daemon().name("metrics").start(() -> serve(server, metrics));
        return new MetricsServer("unix:" + path, () -> {
            try {
                server.close();
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void serve(ServerSocketChannel server, WatchMetrics metrics) {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                Thread.ofVirtual().start(() -> serve(client, metrics)); // one that says nothing keeps nobody waiting
            } catch (IOException e) {
                return; // It is over.
            }
        }
    }

    private static void serve(SocketChannel client, WatchMetrics metrics) {
        try (client) {
            answer(client, metrics);
        } catch (IOException e) {
            // That one has gone.
        }
    }

    /** HTTP/1.0 is enough: one request, one answer, the end. */
    private static void answer(SocketChannel client, WatchMetrics metrics) throws IOException {
        String request = request(client);
        boolean isAsked = request.startsWith("GET /metrics ");
        byte[] text = isAsked ? metrics.text() : new byte[0];
        String head = "HTTP/1.0 " + (isAsked ? "200 OK" : "404 Not Found") + "\r\nContent-Type: "
                + WatchMetrics.CONTENT_TYPE + "\r\nContent-Length: " + text.length + "\r\nConnection: close\r\n\r\n";
        write(client, head.getBytes(StandardCharsets.US_ASCII));
        write(client, text);
    }

    private static String request(SocketChannel client) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(MOST_REQUEST_BYTES);
        String text = "";
        while (!text.contains("\r\n\r\n") && buffer.hasRemaining() && client.read(buffer) >= 0) {
            text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
        }
        return text;
    }

    private static void write(SocketChannel client, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            client.write(buffer);
        }
    }

    @Override
    public void close() {
        end.run();
    }
}

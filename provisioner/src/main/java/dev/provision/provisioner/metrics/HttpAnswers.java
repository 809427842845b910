package dev.provision.provisioner.metrics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * As much of HTTP/1.1 (RFC 9112) as it takes to give figures: one request, one answer, the end of the connection. A request has
 * no body here, so all of it is read.
 */
final class HttpAnswers {

    private static final int MOST_REQUEST_BYTES = 8192;
    private static final String PATH = "/metrics";
    private static final String PLAIN = "Content-Type: text/plain; charset=utf-8\r\n";

    private final WatchMetrics metrics;

    HttpAnswers(WatchMetrics metrics) {
        this.metrics = metrics;
    }

    /** Reads what is asked and answers it. The caller closes the channel. */
    void answer(SocketChannel client) throws IOException {
        List<String> words = List.of(request(client).lines().findFirst().orElse("").split(" ", -1));
        if (words.size() != 3 || !words.get(2).startsWith("HTTP/1.")) {
            write(client, "400 Bad Request", PLAIN, new byte[0], true);
            return;
        }
        String method = words.getFirst();
        String path = words.get(1).split("\\?", 2)[0];
        boolean isRead = method.equals("GET") || method.equals("HEAD");
        if (!path.equals(PATH)) {
            write(client, "404 Not Found", PLAIN, new byte[0], isRead);
        } else if (!isRead) {
            write(client, "405 Method Not Allowed", "Allow: GET, HEAD\r\n" + PLAIN, new byte[0], true);
        } else {
            write(client, "200 OK", "Content-Type: " + WatchMetrics.CONTENT_TYPE + "\r\n", metrics.text(),
                    method.equals("GET"));
        }
    }

    /** The head of a request; as far as it came, when it ends or is too long before its empty line. */
    private static String request(SocketChannel client) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(MOST_REQUEST_BYTES);
        String text = "";
        while (!text.contains("\r\n\r\n") && buffer.hasRemaining() && client.read(buffer) >= 0) {
            text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
        }
        return text;
    }

    /** HEAD has the same head as GET, the length of its body included (RFC 9110, 9.3.2). */
    private static void write(SocketChannel client, String status, String headers, byte[] body, boolean withBody)
            throws IOException {
        String head = "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + body.length
                + "\r\nConnection: close\r\n\r\n";
        write(client, head.getBytes(StandardCharsets.US_ASCII));
        write(client, withBody ? body : new byte[0]);
    }

    private static void write(SocketChannel client, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            client.write(buffer);
        }
    }
}

package dev.provision.provisioner.metrics;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Answers GET /metrics, on a loopback address or a UNIX socket. One who asks slowly, or not at all, keeps nobody else waiting:
 * each has a thread of its own, and some seconds.
 */
public final class MetricsServer implements AutoCloseable {

    /** As long as Prometheus itself waits unless it is told otherwise (scrape_timeout). */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** At the same time; who comes then is turned away, so that the watch keeps descriptors for its own work. */
    private static final int MOST_CLIENTS = 16;

    /** After an accept(2) that failed, as where too many files are open: some may be closed by then. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final String where;
    private final ServerSocketChannel server;
    private final Closeable end;
    private final HttpAnswers answers;
    private final Duration patience;
    private final Semaphore places = new Semaphore(MOST_CLIENTS);
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("metrics-timeout").factory());

    private MetricsServer(String where, ServerSocketChannel server, Closeable end, WatchMetrics metrics,
            Duration patience) {
        this.where = where;
        this.server = server;
        this.end = end;
        this.answers = new HttpAnswers(metrics);
        this.patience = patience;
    }

    /** Listens from now on until it is closed. */
    public static MetricsServer open(MetricsAddress address, WatchMetrics metrics) throws IOException {
        return open(address, metrics, PATIENCE);
    }

    /** @param patience how long one may take to ask and to read the answer */
    static MetricsServer open(MetricsAddress address, WatchMetrics metrics, Duration patience) throws IOException {
        MetricsServer opened = switch (address) {
            case MetricsAddress.Loopback loopback -> onLoopback(loopback.address(), metrics, patience);
            case MetricsAddress.UnixSocket named -> {
                MetricsSocket socket = MetricsSocket.open(named.path());
                yield new MetricsServer("unix:" + named.path(), socket.channel(), socket::remove, metrics, patience);
            }
        };
        Thread.ofPlatform().daemon().name("metrics").start(opened::serve);
        return opened;
    }

    private static MetricsServer onLoopback(InetSocketAddress address, WatchMetrics metrics, Duration patience)
            throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.bind(address);
            return new MetricsServer(url(address.getAddress(), channel.socket().getLocalPort()), channel, () -> {},
                    metrics, patience);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static String url(InetAddress address, int port) {
        String host = address.getHostAddress();
        return "http://" + (host.contains(":") ? "[::1]" : host) + ":" + port + "/metrics";
    }

    /** {@code http://127.0.0.1:9090/metrics} or {@code unix:/run/lab.sock}. */
    public String where() {
        return where;
    }

    private void serve() {
        while (server.isOpen()) {
            try {
                take(server.accept());
            } catch (ClosedChannelException e) {
                return; // It is over.
            } catch (IOException e) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closes the channel at its next use
        }
    }

    private void take(SocketChannel client) throws IOException {
        if (!places.tryAcquire()) {
            client.close();
            return;
        }
        clients.add(client);
        Thread.ofVirtual().start(() -> serve(client));
    }

    private void serve(SocketChannel client) {
        try {
            Future<?> timeout = timer.schedule(() -> close(client), patience.toMillis(), TimeUnit.MILLISECONDS);
            try {
                answers.answer(client);
            } finally {
                timeout.cancel(false);
            }
        } catch (IOException | RejectedExecutionException e) {
            // That one has gone, or took too long; or this server was closed just now.
        } finally {
            close(client);
            clients.remove(client);
            places.release();
        }
    }

    /** Who reads from it or writes to it is woken. */
    private static void close(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            // There is nothing else to do with it.
        }
    }

    @Override
    public void close() {
        try (end; server) {
            timer.shutdownNow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            clients.forEach(MetricsServer::close);
        }
    }
}

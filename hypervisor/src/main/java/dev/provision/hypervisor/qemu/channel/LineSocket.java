package dev.provision.hypervisor.qemu.channel;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import dev.provision.hypervisor.host.HostShortage;

/**
 * A UNIX-domain socket that is read line by line. Nothing waits past its deadline, nothing grows past its limit:
 * the other side may hang or speak garbage. For one thread at a time.
 */
public final class LineSocket implements AutoCloseable {
    private static final Duration RETRY = Duration.ofMillis(10);

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final LineBuffer received;
    private final ByteBuffer chunk = ByteBuffer.allocate(16 * 1024);

    private LineSocket(SocketChannel channel, int lineMax) throws IOException {
        this.channel = channel;
        this.selector = Selector.open();
        this.key = channel.register(selector, SelectionKey.OP_READ);
        this.received = new LineBuffer(lineMax);
    }

    /**
     * Connects; tries again while the socket's queue is full.
     *
     * @param lineMax
     *            longest line in bytes that {@link #readLine} takes
     * @throws SocketTimeoutException
     *             when the deadline passes first
     * @throws IOException
     *             when nobody listens there
     * @throws UncheckedIOException
     *             when this process may open no more files: that says nothing of the other side, and who would take it for a VMM
     *             that hangs would end it
     */
    public static LineSocket connect(Path socket, int lineMax, Deadline deadline)
            throws IOException, InterruptedException {
        while (true) {
            Optional<LineSocket> connected = attempt(socket, lineMax);
            if (connected.isPresent()) {
                return connected.get();
            }
            if (deadline.passed()) {
                throw new SocketTimeoutException("busy for " + deadline.allowed());
            }
            deadline.pause(RETRY);
        }
    }

    private static Optional<LineSocket> attempt(Path socket, int lineMax) throws IOException, InterruptedException {
        try {
            return connectNow(socket, lineMax);
        } catch (IOException e) {
            // EAGAIN of connect(2) is no shortage: the other side does not take up who connects.
            if (HostShortage.of(e).equals(Optional.of(HostShortage.FILES))) {
                throw new UncheckedIOException(new FileSystemException(socket.toString(), null, e.getMessage()));
            }
            throw e;
        }
    }

    /** Empty while the socket's queue is full. */
    private static Optional<LineSocket> connectNow(Path socket, int lineMax) throws IOException, InterruptedException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        LineSocket made = null;
        try {
            channel.configureBlocking(false);
            // A UNIX-domain connect is done at once or not at all: false means EAGAIN, the queue is full.
            if (channel.connect(UnixDomainSocketAddress.of(socket))) {
                Listener.requireOwn(channel, socket);
                made = new LineSocket(channel, lineMax);
            }
            return Optional.ofNullable(made);
        } catch (ClosedByInterruptException e) {
            throw interruption();
        } finally {
            if (made == null) { // also when the host has no descriptor left for the selector
                channel.close();
            }
        }
    }

    /** Sends all of {@code bytes}. */
    public void send(byte[] bytes, Deadline deadline) throws IOException, InterruptedException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            while (buffer.hasRemaining()) {
                if (channel.write(buffer) == 0) {
                    await(SelectionKey.OP_WRITE, deadline);
                }
            }
        } catch (ClosedByInterruptException e) {
            throw interruption();
        }
    }

    /** An interrupt during a read or a write closes the channel; to the caller it is an interrupt, not a failure. */
    private static InterruptedException interruption() {
        Thread.interrupted();
        return new InterruptedException("interrupted at a socket");
    }

    /**
     * The next line, without its end.
     *
     * @throws EOFException
     *             when the other side has closed
     * @throws SocketTimeoutException
     *             when the deadline passes first
     * @throws LineTooLongException
     *             when a line exceeds the limit
     */
    public byte[] readLine(Deadline deadline) throws IOException, InterruptedException {
        while (true) {
            byte[] line = received.poll();
            if (line != null) {
                return line;
            }
            chunk.clear();
            int count = readChunk();
            if (count < 0) {
                throw new EOFException("closed by the other side");
            } else if (count == 0) {
                await(SelectionKey.OP_READ, deadline);
            } else {
                received.add(chunk.flip());
            }
        }
    }

    private int readChunk() throws IOException, InterruptedException {
        try {
            return channel.read(chunk);
        } catch (ClosedByInterruptException e) {
            throw interruption();
        }
    }

    private void await(int operation, Deadline deadline) throws IOException, InterruptedException {
        key.interestOps(operation);
        long millis = deadline.remaining().toMillis();
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (millis == 0) {
            throw new SocketTimeoutException("no answer within " + deadline.allowed().toMillis() + " ms");
        }
        selector.select(millis);
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        try (selector; channel) {
            received.clear();
        }
    }
}

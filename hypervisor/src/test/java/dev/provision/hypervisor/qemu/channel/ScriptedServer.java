package dev.provision.hypervisor.qemu.channel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The other side of a UNIX-domain socket, for tests: serves one client after the other by a script. */
public final class ScriptedServer implements AutoCloseable {

    /** What is done for one client. */
    public interface Script {
        void play(Client client) throws IOException, InterruptedException;
    }

    /** One client. */
    public static final class Client {
        private final SocketChannel channel;
        private final BufferedReader reader;

        private Client(SocketChannel channel) {
            this.channel = channel;
            this.reader = new BufferedReader(
                    new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.ISO_8859_1));
        }

        /** Sends this text, one byte a character. */
        public void say(String text) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        /** The next line of the client. */
        public String hear() throws IOException {
            String line = reader.readLine();
            if (line == null) {
                throw new IOException("the client has gone");
            }
            return line;
        }

        /** Says nothing until the client goes. */
        public void hang() throws IOException {
            while (reader.read() >= 0) {
                // whatever it says
            }
        }
    }

    private final ServerSocketChannel server;
    private final Thread thread;

    /** Listens from now on; the script is played for each client anew. */
    public ScriptedServer(Path socket, Script script) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        thread = Thread.ofVirtual().start(() -> {
            while (server.isOpen()) {
                try (SocketChannel channel = server.accept()) {
                    script.play(new Client(channel));
                } catch (IOException | UncheckedIOException | InterruptedException e) {
                    // This client is done; the next one, please.
                }
            }
        });
    }

    /** Nobody is served when this has returned: a thread just about to accept would serve one more. */
    @Override
    public void close() throws IOException {
        server.close();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.provision.provisioner.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Joins this process's terminal, or its standard streams, with a console's socket. */
final class ConsoleSession {

    /** Ctrl-], as in telnet. */
    private static final int ESCAPE = 0x1d;

    private final SocketChannel channel;

    ConsoleSession(SocketChannel channel) {
        this.channel = channel;
    }

    /** Returns when the person leaves, standard input ends, or the machine closes the console. */
    void run() throws IOException, InterruptedException {
        if (!Output.isTerminal()) {
            join(System.in, System.out);
            return;
        }
        try (Terminal terminal = TerminalBuilder.builder().system(true).nativeSignals(false).build()) {
            Attributes before = terminal.enterRawMode();
            terminal.setAttributes(withoutSignals(terminal.getAttributes()));
            try {
                terminal.writer().print("connected; Ctrl-] leaves\r\n");
                terminal.writer().flush();
                // A newline makes the shell show its prompt again.
                channel.write(ByteBuffer.wrap(new byte[]{'\n'}));
                join(terminal.input(), terminal.output());
            } finally {
                terminal.setAttributes(before);
                // The guest's prompt stands in the line that our shell would write its own in.
                terminal.writer().print("\r\n");
                terminal.writer().flush();
            }
        }
    }

    /** Ctrl-C and Ctrl-Z are for the guest. */
    private static Attributes withoutSignals(Attributes raw) {
        raw.setLocalFlag(Attributes.LocalFlag.ISIG, false);
        return raw;
    }

    private void join(InputStream in, OutputStream out) throws InterruptedException {
        Thread typing = Thread.ofPlatform().daemon().start(() -> send(in));
        Thread showing = Thread.ofPlatform().daemon().start(() -> receive(out));
        while (typing.isAlive() && showing.isAlive()) {
            typing.join(50);
        }
        // What was typed last still has an answer on its way.
        showing.join(300);
    }

    private void send(InputStream in) {
        byte[] buffer = new byte[1024];
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                int until = indexOfEscape(buffer, read);
                channel.write(ByteBuffer.wrap(buffer, 0, until));
                if (until < read) {
                    return;
                }
            }
        } catch (IOException e) {
            // The machine has closed the console: the session ends.
        }
    }

    private static int indexOfEscape(byte[] buffer, int length) {
        for (int i = 0; i < length; i++) {
            if (buffer[i] == ESCAPE) {
                return i;
            }
        }
        return length;
    }

    private void receive(OutputStream out) {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        try {
            while (channel.read(buffer) >= 0) {
                out.write(buffer.array(), 0, buffer.position());
                out.flush();
                buffer.clear();
            }
        } catch (IOException e) {
            // The session has ended and closed the channel.
        }
    }
}

package dev.provision.hypervisor.qemu.vm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import dev.provision.hypervisor.qemu.channel.UntrustedText;

/** The last lines of a log that a guest or a VMM wrote. What they hold is not to be trusted, and can be long. */
public final class LogTail {
    static final int BYTES_MAX = 16 << 10;

    private LogTail() {}

    /**
     * At most {@code count} lines that are not blank, oldest first, without control characters. Empty when there is no
     * log or it cannot be read: a log explains an error, it must not become another.
     */
    public static List<String> of(Path log, int count) {
        String text;
        try {
            text = new String(lastBytes(log, BYTES_MAX), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return List.of();
        }
        return lines(text, count);
    }

    static List<String> lines(String text, int count) {
        List<String> lines = text.lines().map(UntrustedText::line).filter(line -> !line.isBlank()).toList();
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    /** The last {@code max} bytes of a file, or all of a shorter one. */
    public static byte[] lastBytes(Path file, int max) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return bytes(channel, Math.max(0, channel.size() - max), max);
        }
    }

    /** Bytes of a file from an offset, fewer than {@code max} where it ends. */
    static byte[] bytes(FileChannel channel, long from, int max) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.clamp(channel.size() - from, 0, max));
        int count = 0;
        while (buffer.hasRemaining() && count >= 0) {
            count = channel.read(buffer, from + buffer.position());
        }
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return bytes;
    }
}

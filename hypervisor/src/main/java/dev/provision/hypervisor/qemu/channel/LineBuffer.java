package dev.provision.hypervisor.qemu.channel;

import java.nio.ByteBuffer;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** Bytes in, lines out. A line ends at LF; a CR before it belongs to the end. */
final class LineBuffer {
    private final int lineMax;
    private byte[] bytes = new byte[1024];
    private int start;
    private int end;
    private int scanned;

    LineBuffer(int lineMax) {
        this.lineMax = lineMax;
    }

    void add(ByteBuffer more) {
        compact();
        if (end + more.remaining() > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, end + more.remaining()));
        }
        int count = more.remaining();
        more.get(bytes, end, count);
        end += count;
    }

    /** The next whole line, or null when more bytes are needed. */
    byte @Nullable [] poll() throws LineTooLongException {
        int at = indexOfEnd();
        if (at < 0) {
            if (end - start > lineMax) {
                throw new LineTooLongException(lineMax);
            }
            scanned = end; // never look at the same bytes twice
            return null;
        }
        int stop = at > start && bytes[at - 1] == '\r' ? at - 1 : at;
        byte[] line = Arrays.copyOfRange(bytes, start, stop);
        start = at + 1;
        scanned = start;
        return line;
    }

    void clear() {
        start = 0;
        end = 0;
        scanned = 0;
    }

    private int indexOfEnd() {
        for (int i = scanned; i < end; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void compact() {
        if (start > 0) {
            System.arraycopy(bytes, start, bytes, 0, end - start);
            end -= start;
            scanned -= start;
            start = 0;
        }
    }
}

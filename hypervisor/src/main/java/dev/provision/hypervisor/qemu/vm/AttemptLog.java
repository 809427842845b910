package dev.provision.hypervisor.qemu.vm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The output of a machine's command, over all attempts. The guest writes a mark before each of them (guest contract, "What the
 * guest finds", log port): the byte 0x1E, {@code attempt=}, the attempt's number over all boots and a newline.
 */
public final class AttemptLog {

    private static final char MARK = 0x1e;
    private static final Pattern WHOLE = Pattern.compile(MARK + "attempt=([0-9]{1,9})\n");
    private static final Pattern BEGUN = Pattern
            .compile(MARK + "(a(t(t(e(m(p(t(=([0-9]{1,9})?)?)?)?)?)?)?)?)?");

    private AttemptLog() {}

    /** What one attempt has printed, as far as it is kept. */
    public record Attempt(int number, ByteArrayOutputStream output) {}

    /** How often the command was started before this boot; 0 where nobody has counted. */
    public static int before(Path file) throws IOException {
        try {
            String text = Files.readString(file).strip();
            return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** The attempts that a log of at most some MiB still has, oldest first. Of the oldest one the beginning may be gone. */
    public static List<Attempt> attempts(Path log) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        List<ByteArrayOutputStream> outputs = new ArrayList<>(List.of(new ByteArrayOutputStream()));
        OutputStream current = new OutputStream() {
            @Override
            public void write(int octet) {
                outputs.getLast().write(octet);
            }
        };
        try (OutputStream unmarked = unmarked(current, number -> {
            numbers.add(number);
            outputs.add(new ByteArrayOutputStream());
        })) {
            Files.copy(log, unmarked);
        } catch (NoSuchFileException e) {
            return List.of(); // nothing was started yet, or its machine is gone
        }
        List<Attempt> attempts = new ArrayList<>();
        if (outputs.getFirst().size() > 0) {
            int number = numbers.isEmpty() ? 1 : Math.max(1, numbers.getFirst() - 1);
            attempts.add(new Attempt(number, outputs.getFirst()));
        }
        for (int i = 0; i < numbers.size(); i++) {
            attempts.add(new Attempt(numbers.get(i), outputs.get(i + 1)));
        }
        return attempts;
    }

    /** As {@link LogTail#of}, of the last attempt alone. */
    public static List<String> lastLines(Path log, int count) {
        try {
            String text = new String(LogTail.lastBytes(log, LogTail.BYTES_MAX), StandardCharsets.UTF_8);
            Matcher marks = WHOLE.matcher(text);
            int from = 0;
            while (marks.find()) {
                from = marks.end();
            }
            return LogTail.lines(text.substring(from), count);
        } catch (IOException e) {
            return List.of(); // as for any log: it explains an error
        }
    }

    /**
     * Passes on what is written to it, without the marks, which may come in pieces.
     *
     * @param whenBegun
     *            gets the number of each attempt before the first byte of it is passed on
     */
    public static OutputStream unmarked(OutputStream out, IntConsumer whenBegun) {
        return new Unmarked(out, whenBegun);
    }

    private static final class Unmarked extends OutputStream {

        private final OutputStream out;
        private final IntConsumer whenBegun;
        private final StringBuilder held = new StringBuilder();

        Unmarked(OutputStream out, IntConsumer whenBegun) {
            this.out = out;
            this.whenBegun = whenBegun;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int plain = offset;
            for (int i = offset; i < offset + length; i++) {
                if (!held.isEmpty() || bytes[i] == MARK) {
                    out.write(bytes, plain, i - plain);
                    write(bytes[i]);
                    plain = i + 1;
                }
            }
            out.write(bytes, plain, offset + length - plain);
        }

        @Override
        public void write(int octet) throws IOException {
            char character = (char) (octet & 0xff);
            if (held.isEmpty() && character != MARK) {
                out.write(octet);
                return;
            }
            held.append(character);
            Matcher whole = WHOLE.matcher(held);
            if (whole.matches()) {
                whenBegun.accept(Integer.parseInt(whole.group(1)));
                held.setLength(0);
            } else if (!BEGUN.matcher(held).matches()) {
                release(character);
            }
        }

        /** It was no mark; but with its last byte one may begin. */
        private void release(char last) throws IOException {
            boolean again = last == MARK && held.length() > 1;
            int end = again ? held.length() - 1 : held.length();
            out.write(held.substring(0, end).getBytes(StandardCharsets.ISO_8859_1));
            held.delete(0, end);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        /** What looks like the beginning of a mark stays one: nothing comes after it. */
        @Override
        public void close() throws IOException {
            out.write(held.toString().getBytes(StandardCharsets.ISO_8859_1));
            held.setLength(0);
            out.flush();
        }
    }
}

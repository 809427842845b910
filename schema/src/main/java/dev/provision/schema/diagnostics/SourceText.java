package dev.provision.schema.diagnostics;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * One file as text, under the name that diagnostics show.
 *
 * <p>
 * Lines end where YAML 1.1 and so SnakeYAML's marks end them: at LF, CR, CR LF, NEL (U+0085), LS (U+2028) and PS (U+2029).
 * Not for use by several threads.
 */
public final class SourceText {

    /** Of how many lines the start of one is remembered: a file of newlines must not become an array of its size. */
    private static final int STRIDE = 64;

    private final String name;
    private final String text;
    private int @Nullable [] starts;
    private int lastNumber = Integer.MIN_VALUE;
    private String lastLine = "";

    /**
     * @param name
     *            the path as the person gave it
     */
    public SourceText(String name, String text) {
        this.name = name;
        this.text = text;
    }

    public String name() {
        return name;
    }

    public String text() {
        return text;
    }

    /**
     * Line {@code number}, counted from 1, without its end; empty behind the last one. The first call looks at the whole
     * text, every other one at some lines only, or at none when it asks for the same line: a whole manifest can be one.
     */
    public String line(int number) {
        if (number != lastNumber) {
            int from = startOf(number);
            int to = from;
            while (to < text.length() && !endsLine(text.charAt(to))) {
                to++;
            }
            lastNumber = number;
            lastLine = text.substring(from, to);
        }
        return lastLine;
    }

    private int startOf(int number) {
        int[] known = starts();
        int index = Math.max(0, number - 1);
        if (index / STRIDE >= known.length) {
            return text.length();
        }
        int at = known[index / STRIDE];
        for (int skipped = index % STRIDE; skipped > 0; skipped--) {
            at = nextLine(at);
        }
        return at;
    }

    private int[] starts() {
        int[] found = starts;
        if (found == null) {
            found = findStarts();
            starts = found;
        }
        return found;
    }

    private int[] findStarts() {
        int[] found = new int[16];
        int count = 0;
        int line = 0;
        for (int at = 0; at < text.length() || line == 0; at = nextLine(at), line++) {
            if (line % STRIDE == 0) {
                found = count < found.length ? found : Arrays.copyOf(found, 2 * count);
                found[count++] = at;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** Where the line behind the one at {@code from} begins; the text's end when there is none. */
    private int nextLine(int from) {
        for (int at = from; at < text.length(); at++) {
            if (endsLine(text.charAt(at))) {
                boolean pair = text.charAt(at) == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n';
                return at + (pair ? 2 : 1);
            }
        }
        return text.length();
    }

    private static boolean endsLine(char character) {
        return character == '\n' || character == '\r' || character == 0x85 || character == 0x2028
                || character == 0x2029;
    }

    /** Two files are the same when they have the same name: the text is not compared, it can be large. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SourceText that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}

package dev.provision.schema.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Where the lines of a text are, by YAML 1.1's line breaks (section 5.4), which are SnakeYAML's. Counted from 0. */
final class Lines {

    private final String text;
    private final List<Integer> starts = new ArrayList<>();

    Lines(String text) {
        this.text = text;
        for (int i = 0; i < text.length(); i = next(i)) {
            starts.add(i);
        }
    }

    private int next(int from) {
        int i = from;
        while (i < text.length() && !isBreak(text.charAt(i))) {
            i++;
        }
        return Math.min(text.length(), i + (text.startsWith("\r\n", i) ? 2 : 1));
    }

    static boolean isBreak(char character) {
        return character == '\n' || character == '\r' || character == 0x85 || character == 0x2028
                || character == 0x2029;
    }

    int count() {
        return starts.size();
    }

    /** The line that this offset is in; the last one for the end of the text. */
    int at(int offset) {
        int found = Collections.binarySearch(starts, offset);
        return found >= 0 ? found : -found - 2;
    }

    int start(int line) {
        return line < starts.size() ? starts.get(line) : text.length();
    }

    /** Where the line's characters end and its break begins. */
    int end(int line) {
        int end = start(line + 1);
        while (end > start(line) && isBreak(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    String text(int line) {
        return text.substring(start(line), end(line));
    }

    /** The line's break; empty at the end of a text that does not end with one. */
    String lineBreak(int line) {
        return text.substring(end(line), start(line + 1));
    }

    boolean isBlank(int line) {
        return text(line).isBlank();
    }

    /** How many blanks it begins with. */
    int indentation(int line) {
        int i = start(line);
        while (i < end(line) && text.charAt(i) == ' ') {
            i++;
        }
        return i - start(line);
    }
}

package dev.provision.schema.format;

import java.util.Map;
import java.util.TreeMap;

/** Replacements of parts of a text, none of which overlaps another one. */
final class Edits {

    private record Edit(int end, String replacement) {}

    private final Document document;
    private final TreeMap<Integer, Edit> byStart = new TreeMap<>();

    Edits(Document document) {
        this.document = document;
    }

    /** Replaces a part, and what was replaced within it before. */
    void replace(int start, int end, String replacement) {
        byStart.subMap(start, end).clear();
        byStart.merge(start, new Edit(end, replacement),
                (old, added) -> new Edit(old.end(), added.replacement() + old.replacement()));
    }

    void insert(int at, String addition) {
        replace(at, at, addition);
    }

    void remove(int start, int end) {
        replace(start, end, "");
    }

    /** The text from here to there with what was replaced in it so far. */
    String slice(int start, int end) {
        StringBuilder text = new StringBuilder();
        int from = start;
        for (Map.Entry<Integer, Edit> edit : byStart.subMap(start, end).entrySet()) {
            text.append(document.slice(from, edit.getKey())).append(edit.getValue().replacement());
            from = edit.getValue().end();
        }
        return text.append(document.slice(from, end)).toString();
    }

    /** The whole text; comments behind a changed value stay in their column where they can. */
    String apply() {
        Map<Integer, Integer> growth = new TreeMap<>();
        byStart.forEach((start, edit) -> {
            int line = document.lines().at(start);
            if (document.lines().at(edit.end()) == line && !hasBreak(edit.replacement())) {
                growth.merge(line, edit.replacement().length() - (edit.end() - start), Integer::sum);
            }
        });
        growth.forEach((line, by) -> document.comment(line).ifPresent(comment -> align(comment, by)));
        return slice(0, document.text().length());
    }

    private void align(int comment, int by) {
        int code = comment - document.gap(comment);
        Map.Entry<Integer, Edit> before = byStart.floorEntry(code);
        if (before != null && before.getKey() < code && before.getValue().end() <= code) {
            replace(code, comment, document.gap(comment, by));
        }
    }

    private static boolean hasBreak(String text) {
        return text.chars().anyMatch(c -> Lines.isBreak((char) c));
    }
}

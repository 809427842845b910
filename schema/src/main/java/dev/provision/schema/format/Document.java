package dev.provision.schema.format;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.provision.schema.format.Written.Mapping;

/** A manifest's text with all that is known of where things stand in it. */
final class Document {

    /** How many lines apart comments may stand for their common column to be meant. */
    private static final int NEAR = 5;

    private final String text;
    private final Lines lines;
    private final Optional<Mapping> root;
    private final List<Integer> comments;
    private final Map<Integer, Integer> commentOfLine = new HashMap<>();

    /**
     * Reads a text.
     *
     * @throws org.yaml.snakeyaml.error.YAMLException
     *             when it is no YAML
     */
    Document(String text) {
        this.text = text;
        this.lines = new Lines(text);
        Gaps gaps = new Gaps(text);
        this.root = DocumentReader.read(text, gaps);
        this.comments = Collections.unmodifiableList(gaps.comments());
        comments.forEach(comment -> commentOfLine.put(lines.at(comment), comment));
    }

    String text() {
        return text;
    }

    String slice(int start, int end) {
        return text.substring(start, end);
    }

    Lines lines() {
        return lines;
    }

    /** Absent when the document is empty. */
    Optional<Mapping> root() {
        return root;
    }

    /** Where comments begin, in their order. */
    List<Integer> comments() {
        return comments;
    }

    /** Those that begin within this part. */
    List<Integer> comments(int from, int to) {
        return comments.subList(firstComment(from), firstComment(Math.max(from, to)));
    }

    private int firstComment(int from) {
        int found = Collections.binarySearch(comments, from);
        return found >= 0 ? found : -found - 1;
    }

    /** Where the comment of this line begins, of which there is one at most. */
    Optional<Integer> comment(int line) {
        return Optional.ofNullable(commentOfLine.get(line));
    }

    /** The line has a comment and nothing else. */
    boolean isCommentAlone(int line) {
        return comment(line).filter(start -> text.substring(lines.start(line), start).isBlank()).isPresent();
    }

    /** The comment at the end of this line stands in one column with another one near to it. */
    private boolean isAligned(int line) {
        return isAligned(line, -1) || isAligned(line, 1);
    }

    private boolean isAligned(int line, int step) {
        int column = column(comment(line).orElseThrow());
        for (int other = line + step; Math.abs(other - line) <= NEAR; other += step) {
            boolean outside = other < 0 || other >= lines.count() || lines.isBlank(other);
            if (outside) {
                return false;
            }
            if (comment(other).filter(at -> column(at) == column).isPresent() && !isCommentAlone(other)) {
                return true;
            }
        }
        return false;
    }

    /** The blanks between what ends before this comment in its line and the comment. */
    int gap(int comment) {
        int code = comment;
        while (code > 0 && text.charAt(code - 1) == ' ') {
            code--;
        }
        return comment - code;
    }

    /**
     * The blanks to write before a comment: an aligned one keeps its column where it can, another one its distance.
     *
     * @param by
     *            how many characters its line has grown by
     */
    String gap(int comment, int by) {
        int gap = gap(comment);
        return " ".repeat(isAligned(lines.at(comment)) ? Math.max(Math.min(2, gap), gap - by) : gap);
    }

    /** The first comma between values from here on. */
    int comma(int from) {
        int i = from;
        while (text.charAt(i) != ',') {
            i = text.charAt(i) == '#' ? lines.end(lines.at(i)) : i + 1;
        }
        return i;
    }

    /** How many characters stand before this one in its line. */
    int column(int offset) {
        return offset - lines.start(lines.at(offset));
    }

    /** Nothing but blanks stands before it in its line. */
    boolean isFirstInLine(int offset) {
        return text.substring(lines.start(lines.at(offset)), offset).isBlank();
    }

    /** The line break that new lines get: the first of the text. */
    String lineBreak() {
        return lines.count() == 0 || lines.lineBreak(0).isEmpty() ? "\n" : lines.lineBreak(0);
    }
}

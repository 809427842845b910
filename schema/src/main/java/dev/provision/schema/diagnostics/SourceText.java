package dev.provision.schema.diagnostics;

import java.util.List;

/**
 * One file as text, under the name that diagnostics show.
 *
 * @param name
 *            the path as the person gave it
 */
public record SourceText(String name, String text) {

    /** Line {@code number}, counted from 1, without its end; empty behind the last one. */
    public String line(int number) {
        List<String> lines = text.lines().skip(Math.max(0, number - 1L)).limit(1).toList();
        return lines.isEmpty() ? "" : lines.getFirst();
    }

    /** Two files are the same when they have the same name: the text is not compared, it can be large. */
    @Override
    public boolean equals(Object other) {
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

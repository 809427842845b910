package dev.provision.provisioner.views.graph;

import java.util.ArrayDeque;
import java.util.Deque;

import dev.provision.provisioner.views.Printable;

/**
 * Writes XML, which browsers read as HTML too. Every text and every value of an attribute goes through it, so that none
 * of them can be markup.
 */
final class Markup {

    /** How much of the end of a name stays. */
    private static final int END = 6;

    private final StringBuilder text = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** What is ours and may be markup: a document type, a style sheet. */
    Markup verbatim(String ours) {
        text.append(ours);
        return this;
    }

    /** @param attributes names and values in turn */
    Markup open(String element, String... attributes) {
        tag(element, attributes);
        text.append(">\n");
        open.push(element);
        return this;
    }

    Markup close() {
        text.append("</").append(open.pop()).append(">\n");
        return this;
    }

    /** An element that holds nothing. */
    Markup empty(String element, String... attributes) {
        tag(element, attributes);
        text.append("/>\n");
        return this;
    }

    /** An element that holds text alone. */
    Markup leaf(String element, String content, String... attributes) {
        tag(element, attributes);
        text.append('>').append(escaped(content)).append("</").append(element).append(">\n");
        return this;
    }

    private void tag(String element, String... attributes) {
        text.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            text.append(' ').append(attributes[i]).append("=\"").append(escaped(attributes[i + 1])).append('"');
        }
    }

    /** One line that is nothing but text, within elements and within quotes, of XML 1.0 and of HTML. */
    static String escaped(String foreign) {
        StringBuilder escaped = new StringBuilder();
        Printable.line(foreign).codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isCharacter(point) ? point : 0xfffd);
            }
        });
        return escaped.toString();
    }

    /** What XML 1.0 takes (its rule 2, {@code Char}), less the controls that {@link Printable} has shown already. */
    private static boolean isCharacter(int point) {
        return (point >= 0x20 && point <= 0xd7ff) || (point >= 0xe000 && point <= 0xfffd) || point >= 0x10000;
    }

    /** To a tenth of a pixel, without a trailing zero, in every locale. */
    static String number(double value) {
        long tenths = Math.round(value * 10);
        return (tenths < 0 ? "-" : "") + Math.abs(tenths) / 10 + (tenths % 10 == 0 ? "" : "." + Math.abs(tenths) % 10);
    }

    /** At most so many characters, the last of them an ellipsis where something is left out. */
    static String clipped(String text, int most) {
        return text.codePointCount(0, text.length()) <= most ? text
                : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }

    /** As {@link #clipped}, with the end kept: it tells replicas apart. */
    static String shortened(String name, int most) {
        int length = name.codePointCount(0, name.length());
        return length <= most ? name
                : clipped(name, most - END) + name.substring(name.offsetByCodePoints(0, length - END));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

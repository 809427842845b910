package dev.provision.provisioner.views;

import java.util.regex.Pattern;

/**
 * Makes foreign text harmless: consoles of guests, names, messages. Whoever controls a guest must not control the
 * terminal of the person who reads about it.
 */
public final class Printable {

    /** Escape sequences of ECMA-48: CSI ones, and OSC and other strings with their terminator. */
    private static final Pattern SEQUENCES = Pattern
            .compile("\u001b\\[[0-?]*[ -/]*[@-~]|\u001b[\\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\\\)?");

    private Printable() {}

    /** One line: escape sequences are dropped, other characters that steer a terminal are shown as {@code \}{@code x1b}. */
    public static String line(String text) {
        return isHarmless(text) ? text : visible(SEQUENCES.matcher(text).replaceAll("").stripTrailing(), false);
    }

    /** A line of a person's file, column for column: what cannot be shown is {@code ?}; tabs stay. */
    static String source(String line) {
        StringBuilder shown = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            char character = line.charAt(i);
            shown.append(character != '\t' && steers(character) ? '?' : character);
        }
        return shown.toString();
    }

    /** Several lines, each made harmless. */
    public static String lines(String text) {
        return isHarmless(text) ? text : visible(SEQUENCES.matcher(text).replaceAll(""), true);
    }

    private static boolean isHarmless(String text) {
        return text.chars().noneMatch(Printable::steers);
    }

    private static String visible(String text, boolean newlines) {
        StringBuilder shown = new StringBuilder(text.length());
        text.chars().forEach(character -> {
            if (newlines && character == '\n') {
                shown.append('\n');
            } else if (character == '\t' || character == '\n') {
                shown.append(' ');
            } else if (steers(character)) {
                shown.append(character < 0x100 ? "\\x%02x".formatted(character) : "\\u%04x".formatted(character));
            } else {
                shown.append((char) character);
            }
        });
        return shown.toString();
    }

    /** Controls, and what turns the direction of writing around (Unicode Standard Annex 9) or ends a line. */
    private static boolean steers(int character) {
        return Character.isISOControl(character) || character == 0x2028 || character == 0x2029
                || (character >= 0x202a && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069)
                || character == 0x200e || character == 0x200f || character == 0x061c;
    }
}

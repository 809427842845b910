package dev.provision.provisioner.views;

import java.nio.charset.Charset;
import java.util.Map;
import java.util.regex.Pattern;

import dev.provision.planner.diff.Disruption;

/**
 * Colours and symbols that the reader's terminal can show.
 *
 * @param colour
 *            SGR escape sequences may be used (ECMA-48)
 * @param unicode
 *            symbols outside of ASCII may be used
 */
public record Palette(boolean colour, boolean unicode) {

    public static final Palette PLAIN = new Palette(false, true);

    private static final Pattern NOT_ASCII = Pattern.compile("[^\\p{ASCII}]");

    /**
     * What an output can show; honours NO_COLOR (no-color.org) and TERM=dumb.
     *
     * @param encoding
     *            of the output; symbols that it lacks would arrive as question marks
     */
    public static Palette of(boolean terminal, Map<String, String> env, Charset encoding) {
        boolean wanted = env.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(env.get("TERM"));
        return new Palette(terminal && wanted, encoding.name().startsWith("UTF-"));
    }

    /** Foreign text as this output can show it: nothing in it steers the terminal. */
    public String text(String foreign) {
        String harmless = Printable.line(foreign);
        return unicode ? harmless : ascii(harmless);
    }

    /** A line of a person's file, code point for code point: what this output cannot show is a question mark. */
    String source(String line) {
        String harmless = Printable.source(line);
        return unicode ? harmless : NOT_ASCII.matcher(harmless).replaceAll("?");
    }

    private static String ascii(String text) {
        return text.replace("→", "->").replace("…", "...").replace("↻", "~!").replace("▶", ">").replace("≥", ">=");
    }

    /** Fills up with blanks to a width in characters. */
    static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    public String bold(String text) {
        return sgr("1", text);
    }

    public String dim(String text) {
        return sgr("2", text);
    }

    public String red(String text) {
        return sgr("31", text);
    }

    public String green(String text) {
        return sgr("32", text);
    }

    public String yellow(String text) {
        return sgr("33", text);
    }

    public String blue(String text) {
        return sgr("34", text);
    }

    /** The symbol of a class, in its colour. */
    public String symbol(Disruption disruption) {
        return of(disruption, unicode ? disruption.symbol() : disruption.ascii());
    }

    /** A text in the colour of a class: the more it disturbs, the warmer. */
    public String of(Disruption disruption, String text) {
        return switch (disruption) {
            case KEEP -> dim(text);
            case CREATE, START -> green(text);
            case LIVE -> blue(text);
            case RESTART -> yellow(text);
            case RECREATE, DESTROY, STOP -> red(text);
        };
    }

    private String sgr(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}

package dev.provision.planner.diff;

import java.util.Locale;

/** What a change does to a machine, from nothing to the end of it; a machine's is the worst of its changes. */
public enum Disruption {
    /** Nothing to do. */
    KEEP(" ", " "),
    /** Applied while it runs; the guest sees it, or need not. */
    LIVE("~", "~"),
    /** It is down and comes up; nothing that runs is disturbed. */
    START("▶", ">"),
    /** A new machine. */
    CREATE("+", "+"),
    /** It goes down and stays down, whole. */
    STOP("■", "x"),
    /** The same disks, one reboot. */
    RESTART("↻", "~!"),
    /** The overlay is thrown away; storage is kept. */
    RECREATE("-/+", "-/+"),
    /** The machine goes; its storage only when told. */
    DESTROY("-", "-");

    private final String symbol;
    private final String ascii;

    Disruption(String symbol, String ascii) {
        this.symbol = symbol;
        this.ascii = ascii;
    }

    public String symbol() {
        return symbol;
    }

    /** For terminals without UTF-8. */
    public String ascii() {
        return ascii;
    }

    /** {@code restart}: the word of files and flags. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Disruption worse(Disruption a, Disruption b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}

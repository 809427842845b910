package dev.provision.schema.format;

/** A line that is written. */
record Line(String text, String lineBreak, Kind kind) {

    /** What matters about a line where lines are put after each other. */
    enum Kind {
        /** Stands between entries and says nothing. */
        BLANK,
        /** Ends a value that empty lines behind it would become a part of. */
        OPEN_END, OTHER
    }

    static Line of(String text, String lineBreak) {
        return new Line(text, lineBreak, Kind.OTHER);
    }

    boolean isBlank() {
        return kind == Kind.BLANK;
    }

    Line as(Kind other) {
        return new Line(text, lineBreak, other);
    }
}

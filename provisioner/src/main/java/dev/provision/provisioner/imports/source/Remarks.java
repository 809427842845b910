package dev.provision.provisioner.imports.source;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Span;

/** What there is to say about an imported file, or about one machine of it. Not for use by several threads. */
public final class Remarks {

    private static final int LONGEST = 200;

    private final Problems all;
    private final Problems here = new Problems();

    private Remarks(Problems all) {
        this.all = all;
    }

    /** Remarks on a whole file; they are added to {@code all}. */
    public static Remarks into(Problems all) {
        return new Remarks(all);
    }

    /** Remarks that nobody hears: for looking ahead. */
    public static Remarks unheard() {
        return new Remarks(new Problems());
    }

    /** Remarks on a part of the file: known to the whole too, but not among its {@link #lines}. */
    public Remarks ofPart() {
        return new Remarks(all);
    }

    /** Something that the manifest does not say. */
    public void lost(Span place, String what, String why) {
        add(Diagnostic.warning(Code.NOT_CARRIED_OVER, place, what + " is not carried over").why(why));
    }

    /** Something that the manifest does not say, and what to do about it. */
    public void lost(Span place, String what, String why, String fix) {
        add(Diagnostic.warning(Code.NOT_CARRIED_OVER, place, what + " is not carried over").why(why).fix(fix));
    }

    /** Something that has less effect in the manifest, or another one. */
    public void weaker(Span place, String what, String why) {
        add(Diagnostic.warning(Code.NOT_CARRIED_OVER, place, what).why(why));
    }

    /** Something without effect on what runs that the manifest does not say, or says in another way. */
    public void note(Span place, String what, String why) {
        add(Diagnostic.note(Code.CARRIED_OVER_DIFFERENTLY, place, what).why(why));
    }

    private void add(Diagnostic remark) {
        all.add(remark);
        here.add(remark);
    }

    /** These remarks, one a line, in the order of their places: {@code compose.yaml:3:5: … is not carried over: …}. */
    public List<String> lines() {
        return here.sorted().stream().map(Remarks::line).toList();
    }

    private static String line(Diagnostic remark) {
        String place = remark.span().map(Remarks::place).orElse("");
        String why = remark.why().isEmpty() ? "" : ": " + remark.why();
        return place + remark.severity().name().toLowerCase(Locale.ROOT) + ": " + remark.what() + why;
    }

    /** The file's name without its folder: comments are committed, and folders are a matter of one machine. */
    private static String place(Span span) {
        String file = span.source().name();
        return file.substring(file.lastIndexOf('/') + 1) + ":" + span.line() + ":" + span.column() + ": ";
    }

    /** A person's text within a message: quoted, in one line, not too long. */
    public static String quoted(String text) {
        String line = String.join("…", Stream.of(text).flatMap(String::lines).limit(2).toList());
        return "`" + (line.codePointCount(0, line.length()) <= LONGEST ? line
                : line.substring(0, line.offsetByCodePoints(0, LONGEST)) + "…") + "`";
    }
}

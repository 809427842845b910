package dev.provision.schema.assembly;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.manifest.ManifestEntry;

/**
 * Values for variables, {@code NAME=VALUE} a line. What is plain in a {@code .env} file of Docker Compose means the same
 * here: {@code export}, quotes, comments. What would mean something else, such as a reference to another variable, is an
 * error. Diagnostics show names and no values: such files often hold secrets.
 */
public final class VariableFile {

    private static final Pattern NAME = Pattern
            .compile("\\s*(?:export[ \\t]+)?(" + ManifestEntry.VARIABLE + ")[ \\t]*=[ \\t]*");
    private static final Pattern COMMENT = Pattern.compile("(?s)[ \\t]#.*");
    private static final Pattern REFERENCE = Pattern.compile("\\$[{A-Za-z_]");
    /** How much is shown of a line that may be a part of a secret. */
    private static final int SHOWN = 12;

    /** A value, and where its name stands. */
    public record Given(String value, Span place) {}

    private final String text;
    private final SourceText shown;
    private final Problems problems;
    private final Map<String, Given> values = new LinkedHashMap<>();
    private int at;
    private int line = 1;

    private VariableFile(SourceText source, Problems problems) {
        this.text = source.text().replaceFirst("^\\uFEFF", "").replace("\r\n", "\n");
        this.shown = new SourceText(source.name(),
                text.lines().map(VariableFile::withoutValue).collect(Collectors.joining("\n")));
        this.problems = problems;
    }

    /** The values by name, of two with one name the later; what cannot be read is reported. */
    public static Map<String, Given> read(SourceText source, Problems problems) {
        VariableFile file = new VariableFile(source, problems);
        while (file.at < file.text.length()) {
            file.entry();
        }
        return file.values;
    }

    private static String withoutValue(String row) {
        int equals = row.indexOf('=');
        int end = equals < 0 ? Math.min(row.length(), SHOWN) : equals + 1;
        return row.substring(0, end) + (end < row.length() ? "…" : "");
    }

    private void entry() {
        String row = text.substring(at, endOfLine(at));
        Matcher name = NAME.matcher(row);
        if (row.isBlank() || row.stripLeading().startsWith("#")) {
            skipTo(at + row.length());
        } else if (!name.lookingAt()) {
            problems.add(Diagnostic
                    .error(Code.UNKNOWN_VARIABLE, new Span(shown, line, 1, shown.line(line).length()),
                            "this line sets no variable")
                    .fix("write NAME=VALUE, with a name of letters, digits and _; a comment begins with #"));
            skipTo(at + row.length());
        } else {
            Span place = new Span(shown, line, name.start(1) + 1, name.group(1).length());
            String begins = row.substring(name.end());
            if (begins.startsWith("\"") || begins.startsWith("'")) {
                quoted(name.group(1), place, at + name.end());
            } else {
                // The blank is for a comment right behind the equals sign.
                String value = COMMENT.matcher(" " + begins).replaceFirst("").strip();
                checkReference(value, name.group(1), place);
                values.put(name.group(1), new Given(value, place));
                skipTo(at + row.length());
            }
        }
    }

    private void quoted(String name, Span place, int opening) {
        char quote = text.charAt(opening);
        StringBuilder value = new StringBuilder();
        int from = opening + 1;
        int i = from;
        while (i < text.length() && text.charAt(i) != quote) {
            int escaped = text.charAt(i) == '\\' && i + 1 < text.length() ? escaped(quote, text.charAt(i + 1)) : -1;
            value.append(escaped < 0 ? text.charAt(i) : (char) escaped);
            i += escaped < 0 ? 1 : 2;
        }
        if (i >= text.length()) {
            problems.add(Diagnostic.error(Code.INVALID_VALUE, place, "the quote of `" + name + "` is never closed")
                    .fix("close it with another " + quote));
            skipTo(text.length());
            return;
        }
        if (quote == '"') {
            checkReference(text.substring(from, i).replaceAll("(?s)\\\\.", ""), name, place);
        }
        int end = endOfLine(i);
        String behind = text.substring(i + 1, end).strip();
        if (!behind.isEmpty() && !behind.startsWith("#")) {
            problems.add(Diagnostic
                    .error(Code.INVALID_VALUE, place, "something stands behind the closing quote of `" + name + "`")
                    .fix("put the whole value into the quotes; write a quote within as \\" + quote));
        }
        values.put(name, new Given(value.toString(), place));
        skipTo(end);
    }

    /** The character that a backslash makes of this one; -1 when the backslash stands for itself. */
    private static int escaped(char quote, char next) {
        if (quote == '\'') {
            return next == '\'' ? next : -1;
        }
        return switch (next) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '"', '\\', '$' -> next;
            default -> -1;
        };
    }

    private void checkReference(String value, String name, Span place) {
        if (REFERENCE.matcher(value).find()) {
            problems.add(Diagnostic
                    .error(Code.INVALID_VALUE, place, "the value of `" + name + "` refers to another variable")
                    .why("Docker Compose would replace the reference, and provision replaces nothing in such files")
                    .fix("write the value out, or put it into single quotes when the dollar is meant"));
        }
    }

    /** Where the line that this place is in ends. */
    private int endOfLine(int place) {
        int end = text.indexOf('\n', place);
        return end < 0 ? text.length() : end;
    }

    /** Goes on behind the end of a line, or of the text. */
    private void skipTo(int end) {
        for (int i = at; i <= end && i < text.length(); i++) {
            line += text.charAt(i) == '\n' ? 1 : 0;
        }
        at = end + 1;
    }
}

package dev.provision.provisioner.views;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;

/** What formatting changes, as patch(1) reads it. */
public final class UnifiedDiff {

    private static final int CONTEXT = 3;
    private static final String NO_BREAK = "\n\\ No newline at end of file";

    private UnifiedDiff() {}

    /** The lines of the diff, each with its end; line breaks of the file's own kind are part of a line. */
    public static String of(FormattedFile file) {
        List<String> before = lines(file.original());
        List<String> diff = UnifiedDiffUtils.generateUnifiedDiff("a/" + file.name(), "b/" + file.name(), before,
                DiffUtils.diff(before, lines(file.formatted())), CONTEXT);
        return diff.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** The last one says itself when it has no end. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        String last = lines.removeLast();
        if (!last.isEmpty()) {
            lines.add(last + NO_BREAK);
        }
        return lines;
    }
}

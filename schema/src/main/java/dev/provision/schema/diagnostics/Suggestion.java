package dev.provision.schema.diagnostics;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The word that was probably meant. */
public final class Suggestion {

    private Suggestion() {}

    /** The nearest of {@code known} when it is near enough: at most a third of the word's letters differ. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        int tolerance = Math.max(1, word.length() / 3);
        return known.stream()
                .filter(candidate -> Math.abs(candidate.length() - word.length()) <= tolerance)
                .filter(candidate -> distance(word, candidate) <= tolerance)
                .min(Comparator.comparingInt((String candidate) -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** {@code did you mean `memory`?}, or what {@code otherwise} says. */
    public static String text(String word, Collection<String> known, String otherwise) {
        return nearest(word, known).map(candidate -> "did you mean `" + candidate + "`?").orElse(otherwise);
    }

    /** Optimal string alignment distance, letters of either case alike: insert, delete, replace, swap neighbours. */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[][] d = new int[a.length() + 1][b.length() + 1];
        Arrays.setAll(d[0], j -> j);
        for (int i = 1; i <= a.length(); i++) {
            d[i][0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(substitution, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}

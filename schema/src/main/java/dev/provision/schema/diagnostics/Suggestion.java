package dev.provision.schema.diagnostics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The word that was probably meant. */
public final class Suggestion {

    /** In a crowd of names, such as the machines of a large fleet, looking at each for every mistake would take minutes. */
    private static final int CROWD = 200;

    /** Nobody misspells a longer word, and comparing takes time and room with the square of its length. */
    private static final int LONGEST = 100;

    /** The letters of names; what else a name holds is not guessed. */
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz0123456789-";
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";

    private Suggestion() {}

    /**
     * The nearest of {@code known} when it is near enough: at most a third of the word's letters differ. Of more than
     * 200 names, one that differs by one letter. Of a single letter there is nothing left then: that is not guessed.
     */
    public static Optional<String> nearest(String word, Collection<String> known) {
        if (word.length() < 2 || word.length() > LONGEST) {
            return Optional.empty();
        }
        if (known.size() > CROWD && known instanceof Set<String> crowd) {
            return oneSlipFrom(word, crowd);
        }
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

    /** The first of {@code known} that a letter left out, put in, replaced, or swapped with the next one makes of it. */
    private static Optional<String> oneSlipFrom(String word, Set<String> known) {
        String letters = word.equals(word.toLowerCase(Locale.ROOT)) ? LOWER : LOWER + UPPER;
        for (int i = 0; i <= word.length(); i++) {
            String head = word.substring(0, i);
            String tail = word.substring(i);
            String shorter = tail.isEmpty() ? "" : tail.substring(1);
            List<String> edited = new ArrayList<>(List.of(head + shorter));
            if (!shorter.isEmpty()) {
                edited.add(head + shorter.charAt(0) + tail.charAt(0) + shorter.substring(1));
            }
            for (int letter = 0; letter < letters.length(); letter++) {
                edited.add(head + letters.charAt(letter) + shorter);
                edited.add(head + letters.charAt(letter) + tail);
            }
            for (String candidate : edited) {
                if (known.contains(candidate)) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
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

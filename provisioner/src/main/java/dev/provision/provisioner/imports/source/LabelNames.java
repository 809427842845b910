package dev.provision.provisioner.imports.source;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

import dev.provision.schema.diagnostics.Span;

/** Makes names RFC 1123 labels, which manifests demand, and no two the same. */
public final class LabelNames {

    /** Leaves room for the number of a machine: {@code -99999}. */
    private static final int LONGEST = 57;

    private final int longest;
    private final Set<String> given = new HashSet<>();

    /** Begins with the names there are: those that are labels already are kept. */
    public LabelNames(Collection<String> names) {
        this(names, LONGEST);
    }

    /** As {@link #LabelNames(Collection)}, of at most {@code longest} characters, at least 4. */
    public LabelNames(Collection<String> names, int longest) {
        this.longest = longest;
        names.stream().filter(this::isLabel).forEach(given::add);
    }

    private boolean isLabel(String name) {
        return name.length() <= longest && label(name, "").equals(name) && !name.isEmpty();
    }

    /** The nearest label; {@code otherwise} when no letter or digit is in the name. */
    public static String label(String name, String otherwise) {
        String label = trimmed(name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-"));
        String cut = cut(label, LONGEST);
        return cut.isEmpty() ? otherwise : cut;
    }

    private static String cut(String label, int longest) {
        return trimmed(label.substring(0, Math.min(longest, label.length())));
    }

    private static String trimmed(String label) {
        int from = 0;
        int to = label.length();
        while (from < to && label.charAt(from) == '-') {
            from++;
        }
        while (from < to && label.charAt(to - 1) == '-') {
            to--;
        }
        return label.substring(from, to);
    }

    /** The label for a name, which no other name gets, and a remark when it is not the name itself. */
    public String give(String name, String noun, Span place, Remarks remarks) {
        if (isLabel(name)) {
            return name;
        }
        String wanted = cut(label(name, noun), longest);
        String label = wanted;
        for (int number = 2; !given.add(label); number++) {
            String suffix = "-" + number;
            label = cut(wanted, longest - suffix.length()) + suffix;
        }
        remarks.note(place, noun + " " + Remarks.quoted(name) + " is called `" + label + "`",
                "names are lower-case letters, digits and dashes");
        return label;
    }
}

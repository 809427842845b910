package dev.provision.planner.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which machines somebody means: terms that must all hold, separated by commas. A term is the name of a machine or of an entry
 * of the manifest, {@code label=value}, or {@code label!=value}, which also holds where the label is missing (the grammar of
 * Kubernetes' equality-based selectors, without spaces).
 *
 * @param text
 *            as it was written
 */
public record Selector(String text) {

    /**
     * @throws IllegalArgumentException
     *             when a term is empty or a label has no name
     */
    public Selector {
        for (String term : text.split(",", -1)) {
            if (term.isBlank() || term.startsWith("=") || term.startsWith("!=")) {
                throw new IllegalArgumentException("`" + text + "` selects no machine");
            }
        }
    }

    /** Whether a machine of this name, entry and labels is meant. */
    boolean matches(String machine, String entry, Map<String, String> labels) {
        for (String term : terms()) {
            int equals = term.indexOf('=');
            boolean holds;
            if (equals < 0) {
                holds = term.equals(machine) || term.equals(entry);
            } else {
                boolean not = term.charAt(equals - 1) == '!';
                String label = term.substring(0, not ? equals - 1 : equals);
                holds = not != term.substring(equals + 1).equals(labels.get(label));
            }
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    /** What must hold, at least one. */
    List<String> terms() {
        List<String> terms = new ArrayList<>();
        for (String term : text.split(",", -1)) {
            terms.add(term.strip());
        }
        return terms;
    }

    @Override
    public String toString() {
        return text;
    }
}

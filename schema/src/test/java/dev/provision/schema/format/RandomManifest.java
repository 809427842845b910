package dev.provision.schema.format;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.provision.schema.format.RandomFields.Field;
import dev.provision.schema.manifest.ManifestEntry;

/**
 * Manifests that nobody would write: keys of the language with values right and wrong, in every style that YAML has, with
 * anchors, merge keys and comments wherever they may stand.
 */
final class RandomManifest {

    private static final int DEEPEST = 9;

    private final Dice dice;
    private final RandomFields fields;
    private final RandomScalars scalars;
    private final RandomFlow flow;
    private final StringBuilder out = new StringBuilder();
    private final Map<Type, List<String>> anchors = new HashMap<>();
    private final Set<String> anchorsOfMappings = new HashSet<>();
    private final boolean aliases;

    private RandomManifest(long seed) {
        this.dice = new Dice(seed);
        this.fields = new RandomFields(dice);
        this.scalars = new RandomScalars(dice);
        this.flow = new RandomFlow(dice, fields, scalars);
        this.aliases = dice.chance(2);
    }

    /** The text of a manifest and how many comments it has. */
    record Sample(String text, int comments) {}

    static Sample of(long seed) {
        RandomManifest manifest = new RandomManifest(seed);
        manifest.document();
        String text = manifest.out.toString();
        return new Sample(manifest.dice.chance(8) ? text.replace("\n", "\r\n") : text, manifest.dice.comments());
    }

    private void document() {
        while (dice.chance(2)) {
            out.append(dice.chance(3) ? "" : dice.comment()).append('\n');
        }
        if (dice.chance(6)) {
            out.append("---").append(dice.chance(2) ? " " + dice.comment() : "").append('\n');
        }
        block(ManifestEntry.class, dice.chance(8) ? 3 : 0, 0);
        margin(0);
        if (dice.chance(10)) {
            out.append("...\n");
        }
        if (dice.chance(8)) {
            out.setLength(Math.max(0, out.length() - 1));
        }
    }

    /** Comments and blank lines between entries. */
    private void margin(int column) {
        while (dice.chance(4)) {
            if (dice.chance(2)) {
                out.append(" ".repeat(dice.below(3)));
            } else {
                out.append(" ".repeat(dice.any(List.of(0, column, column, column, column + 1, column + 4))))
                        .append(dice.comment());
            }
            out.append('\n');
        }
    }

    /** Ends a line that has something in it. */
    private void endLine() {
        if (dice.chance(4)) {
            out.append(" ".repeat(1 + dice.below(5))).append(dice.comment());
        } else if (dice.chance(10)) {
            out.append("  ");
        }
        out.append('\n');
    }

    private void block(Type type, int column, int depth) {
        List<String> mergeable = known(type).stream().filter(anchorsOfMappings::contains).toList();
        if (!RandomFields.isMap(type) && !mergeable.isEmpty() && dice.chance(4)) {
            margin(column);
            String first = "*" + dice.any(mergeable);
            out.append(" ".repeat(column)).append("<<: ");
            out.append(dice.chance(3) ? "[" + first + " , *" + dice.any(mergeable) + "]" : first);
            endLine();
        }
        for (Field field : fields.of(type)) {
            margin(column);
            out.append(" ".repeat(column));
            if (dice.chance(25)) {
                out.append("? ").append(field.key());
                endLine();
                out.append(" ".repeat(column)).append(":");
            } else {
                out.append(scalars.key(field.key())).append(dice.chance(12) ? " :" : ":");
            }
            value(field.type(), column, depth + 1);
        }
    }

    /** Anchors that stand above and name a value of this type. */
    private List<String> known(Type type) {
        return anchors.getOrDefault(type, List.of());
    }

    /** Behind a colon or a dash, until the end of a line. */
    private void value(Type type, int column, int depth) {
        if (dice.chance(8) && !known(type).isEmpty()) {
            out.append(" *").append(dice.any(known(type)));
            endLine();
            return;
        }
        String anchor = aliases && dice.chance(4) ? "a" + dice.below(12) : "";
        out.append(anchor.isEmpty() ? "" : " &" + anchor).append(dice.chance(20) ? " !t" : "");
        boolean mapping = RandomFields.takesMapping(type)
                && (RandomFields.isMap(type) || dice.chance(2) || depth < 3);
        if (mapping && depth < DEEPEST && !dice.chance(4)) {
            endLine();
            block(type, column + 1 + dice.below(5), depth);
        } else if (RandomFields.isList(type) && dice.chance(2)) {
            endLine();
            list(RandomFields.element(type), column + dice.below(4), depth);
        } else if (mapping || RandomFields.isList(type)) {
            out.append(" ").append(flow.of(type, depth, dice.chance(4)));
            endLine();
        } else {
            scalar(type, column);
        }
        if (!anchor.isEmpty()) {
            remember(anchor, type, mapping);
        }
    }

    /** An anchor may have stood for something else before. */
    private void remember(String anchor, Type type, boolean mapping) {
        anchors.values().forEach(known -> known.removeIf(anchor::equals));
        anchorsOfMappings.remove(anchor);
        if (mapping) {
            anchorsOfMappings.add(anchor);
        }
        anchors.computeIfAbsent(type, key -> new ArrayList<>()).add(anchor);
    }

    private void list(Type item, int column, int depth) {
        for (int i = 0; i < 1 + dice.below(3); i++) {
            margin(column);
            out.append(" ".repeat(column)).append("-");
            if (RandomFields.takesMapping(item) && dice.chance(2)) {
                int gap = 1 + dice.below(3);
                out.append(" ".repeat(gap));
                besideDash(item, column + 1 + gap, depth);
            } else {
                value(item, column, depth + 1);
            }
        }
    }

    private void besideDash(Type type, int column, int depth) {
        String separator = "";
        for (Field field : fields.of(type)) {
            out.append(separator).append(scalars.key(field.key())).append(":");
            value(field.type(), column, depth + 1);
            margin(column);
            separator = " ".repeat(column);
        }
    }

    private void scalar(Type type, int column) {
        String margin = " ".repeat(column + 1 + dice.below(4));
        switch (RandomScalars.isText(type) ? dice.below(8) : 0) {
            case 1 -> {
                out.append(" ").append(scalars.block(margin));
                return;
            }
            case 2 -> out.append(" ").append(scalars.inLines(margin));
            case 3 -> {
                endLine();
                out.append(margin).append(scalars.inLine(type));
            }
            case 4 -> {
                // Nothing at all.
            }
            default -> out.append(" ").append(scalars.inLine(type));
        }
        endLine();
    }
}

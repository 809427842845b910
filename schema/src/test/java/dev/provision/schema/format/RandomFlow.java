package dev.provision.schema.format;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;

import dev.provision.schema.format.RandomFields.Field;

/** Collections in brackets and braces, in one line or with comments and line breaks wherever they may stand. */
final class RandomFlow {

    private static final int DEEPEST = 9;

    private final Dice dice;
    private final RandomFields fields;
    private final RandomScalars scalars;

    RandomFlow(Dice dice, RandomFields fields, RandomScalars scalars) {
        this.dice = dice;
        this.fields = fields;
        this.scalars = scalars;
    }

    String of(Type type, int depth, boolean lines) {
        boolean mapping = RandomFields.takesMapping(type);
        if (depth > DEEPEST) {
            return mapping ? "{}" : "[]";
        }
        List<String> parts = new ArrayList<>();
        if (mapping) {
            for (Field field : fields.of(type)) {
                parts.add(scalars.key(field.key()) + ": " + value(field.type(), depth + 1));
            }
        } else {
            for (int i = 0; i < dice.below(3); i++) {
                parts.add(value(RandomFields.element(type), depth + 1));
            }
        }
        return (mapping ? "{" : "[") + join(parts, lines) + (mapping ? "}" : "]");
    }

    private String value(Type type, int depth) {
        boolean mapping = RandomFields.takesMapping(type) && (RandomFields.isMap(type) || dice.chance(2));
        return mapping || RandomFields.isList(type) ? of(type, depth, dice.chance(5)) : scalars.inLine(type);
    }

    private String join(List<String> parts, boolean lines) {
        StringBuilder text = new StringBuilder(space(lines));
        for (int i = 0; i < parts.size(); i++) {
            boolean comma = i < parts.size() - 1 || dice.chance(8);
            text.append(parts.get(i)).append(space(lines)).append(comma ? "," : "").append(space(lines));
        }
        return text.toString();
    }

    private String space(boolean lines) {
        if (lines && dice.chance(3)) {
            return (dice.chance(2) ? " " + dice.comment() : "") + "\n" + " ".repeat(12 + dice.below(30))
                    + (dice.chance(4) ? dice.comment() + "\n" + " ".repeat(20) : "");
        }
        return dice.chance(9) ? "  " : dice.chance(3) ? "" : " ";
    }
}

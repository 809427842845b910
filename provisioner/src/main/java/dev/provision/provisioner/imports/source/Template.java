package dev.provision.provisioner.imports.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A text in which values of variables may stand. */
public record Template(List<Part> parts) {

    /** A piece of it. */
    public sealed interface Part {

        /** How a manifest writes it. */
        String text();
    }

    /** Text that stands for itself. */
    public record Literal(String value) implements Part {
        @Override
        public String text() {
            return value.replace("$", "$$");
        }
    }

    /** What holds where a variable has no value or an empty one. */
    public enum Otherwise {
        EMPTY(""), DEFAULT(":-"), ERROR(":?");

        private final String operator;

        Otherwise(String operator) {
            this.operator = operator;
        }
    }

    /**
     * The value of a variable.
     *
     * @param operand
     *            the default or the message; it holds no brace that ends or begins a reference: manifests do not nest them
     */
    public record Reference(String name, Otherwise otherwise, String operand) implements Part {
        @Override
        public String text() {
            return "${" + name + otherwise.operator + operand + "}";
        }
    }

    public Template {
        parts = List.copyOf(parts);
    }

    public static Template of(String literal) {
        return new Template(literal.isEmpty() ? List.of() : List.of(new Literal(literal)));
    }

    /** One text behind the other. */
    public static Template join(Template... templates) {
        return new Template(Stream.of(templates).flatMap(template -> template.parts().stream()).toList());
    }

    /** How a manifest writes it: {@code ${TAG:-12}}, {@code $$} for a dollar. */
    public String text() {
        return parts.stream().map(Part::text).collect(Collectors.joining());
    }

    /** The text itself, when it refers to no variable. */
    public Optional<String> literal() {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (!(part instanceof Literal literal)) {
                return Optional.empty();
            }
            text.append(literal.value());
        }
        return Optional.of(text.toString());
    }

    /** The one reference of which it consists. */
    public Optional<Reference> reference() {
        return parts.size() == 1 && parts.getFirst() instanceof Reference reference ? Optional.of(reference)
                : Optional.empty();
    }

    /** What it is as far as that can be told beforehand: a reference counts as its default. */
    public String likely() {
        return parts.stream().map(part -> switch (part) {
            case Literal literal -> literal.value();
            case Reference reference -> reference.otherwise() == Otherwise.DEFAULT ? reference.operand() : "";
        }).collect(Collectors.joining());
    }

    /** What it is when no variable has a value; absent when it then means nothing. */
    public Optional<String> withDefaults() {
        boolean complete = parts.stream()
                .noneMatch(part -> part instanceof Reference reference && reference.otherwise() != Otherwise.DEFAULT);
        return complete ? Optional.of(likely()) : Optional.empty();
    }

    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** The texts between the separators that stand outside of references, at most {@code most} of them; 0: all. */
    public List<Template> split(char separator, int most) {
        List<Template> pieces = new ArrayList<>();
        List<Part> current = new ArrayList<>();
        for (Part part : parts) {
            if (!(part instanceof Literal literal)) {
                current.add(part);
                continue;
            }
            int from = 0;
            int at = literal.value().indexOf(separator);
            while (at >= 0 && (most == 0 || pieces.size() < most - 1)) {
                addUnlessEmpty(current, literal.value().substring(from, at));
                pieces.add(new Template(current));
                current = new ArrayList<>();
                from = at + 1;
                at = literal.value().indexOf(separator, from);
            }
            addUnlessEmpty(current, literal.value().substring(from));
        }
        pieces.add(new Template(current));
        return pieces;
    }

    private static void addUnlessEmpty(List<Part> parts, String literal) {
        if (!literal.isEmpty()) {
            parts.add(new Literal(literal));
        }
    }

    /** This text with another beginning: what stands before the first reference is replaced. */
    public Template withBeginning(UnaryOperator<String> replacement) {
        if (parts.isEmpty() || !(parts.getFirst() instanceof Literal first)) {
            return this;
        }
        List<Part> all = new ArrayList<>();
        addUnlessEmpty(all, replacement.apply(first.value()));
        all.addAll(parts.subList(1, parts.size()));
        return new Template(all);
    }
}

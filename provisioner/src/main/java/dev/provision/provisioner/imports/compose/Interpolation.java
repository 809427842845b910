package dev.provision.provisioner.imports.compose;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.provisioner.imports.draft.Value;
import dev.provision.provisioner.imports.draft.Value.Block;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.provisioner.imports.source.Template;
import dev.provision.provisioner.imports.source.Template.Literal;
import dev.provision.provisioner.imports.source.Template.Otherwise;
import dev.provision.provisioner.imports.source.Template.Part;
import dev.provision.provisioner.imports.source.Template.Reference;
import dev.provision.provisioner.imports.source.Texts;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node.Scalar;

/**
 * Reads Compose's references to variables (Compose Specification, chapter 12) and declares each variable under its own
 * {@code env:} name, so that a manifest takes the same values from the same environment.
 */
final class Interpolation implements Texts {

    /** What Compose itself defines: the name of the project. */
    private static final String PROJECT_NAME = "COMPOSE_PROJECT_NAME";
    private static final int MAX_DEPTH = 10;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern BRACED = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?+])(.*))?",
            Pattern.DOTALL);

    /** Where a variable is met first, and whether it stands somewhere without a default. */
    private record Use(Span span, boolean bare) {}

    private final Remarks fileRemarks;
    private final Map<String, Use> uses = new LinkedHashMap<>();
    private final Set<String> demanded = new HashSet<>();

    Interpolation(Remarks fileRemarks) {
        this.fileRemarks = fileRemarks;
    }

    @Override
    public Template read(Scalar scalar, Remarks remarks) {
        return scalar.text().indexOf('$') < 0 ? Template.of(scalar.text())
                : new Reading(scalar.span(), remarks, 0).template(scalar.text());
    }

    @Override
    public void demand(Template text) {
        for (Part part : text.parts()) {
            if (part instanceof Reference reference && reference.otherwise() == Otherwise.EMPTY) {
                demanded.add(reference.name());
            }
        }
    }

    /** The value of an environment variable that the file passes through; nothing when it is not set. */
    Template passedThrough(String variable, Span span) {
        return new Template(List.of(declared(variable, Otherwise.EMPTY, "", span)));
    }

    private Reference declared(String name, Otherwise otherwise, String operand, Span span) {
        uses.merge(name, new Use(span, otherwise == Otherwise.EMPTY),
                (first, next) -> new Use(first.span(), first.bare() || next.bare()));
        return new Reference(name, otherwise, operand);
    }

    /** The declarations of all variables that were met. */
    Block variables(String fleet) {
        Block variables = new Block();
        uses.forEach((name, use) -> {
            Block declaration = new Block();
            if (name.equals(PROJECT_NAME)) {
                declaration.put("value", new Value.Text(fleet));
            } else {
                declaration.put("env", new Value.Text(name));
                if (use.bare() && !demanded.contains(name)) {
                    declaration.put("value", new Value.Text(""));
                }
            }
            variables.put(name, declaration);
        });
        uses.values()
                .stream()
                .map(Use::span)
                .min(Comparator.naturalOrder())
                .ifPresent(first -> fileRemarks.note(first, "variables come from the environment of provision",
                        "a file `.env`, which Compose reads too, is not read; --var and --var-file give values"));
        return variables;
    }

    /** Reads one text. What is nested in references declares nothing: it does not come into the manifest. */
    private final class Reading {

        private final Span span;
        private final Remarks remarks;
        private final int depth;
        private final List<Part> parts = new ArrayList<>();
        private final StringBuilder literal = new StringBuilder();

        Reading(Span span, Remarks remarks, int depth) {
            this.span = span;
            this.remarks = remarks;
            this.depth = depth;
        }

        Template template(String text) {
            int at = 0;
            for (int dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', at)) {
                literal.append(text, at, dollar);
                at = reference(text, dollar);
            }
            literal.append(text, at, text.length());
            flush();
            return new Template(parts);
        }

        private void flush() {
            if (!literal.isEmpty()) {
                parts.add(new Literal(literal.toString()));
                literal.setLength(0);
            }
        }

        private void add(String name, Otherwise otherwise, String operand) {
            flush();
            parts.add(depth == 0 ? declared(name, otherwise, operand, span)
                    : new Reference(name, otherwise, operand));
        }

        /** Reads what begins with the dollar at {@code dollar}; returns where the text goes on. */
        private int reference(String text, int dollar) {
            char next = dollar + 1 < text.length() ? text.charAt(dollar + 1) : ' ';
            if (next == '$') {
                literal.append('$');
                return dollar + 2;
            }
            if (next == '{') {
                return braced(text, dollar);
            }
            Matcher name = NAME.matcher(text).region(dollar + 1, text.length());
            if (name.lookingAt()) {
                add(name.group(), Otherwise.EMPTY, "");
                return name.end();
            }
            literal.append('$');
            return dollar + 1;
        }

        private int braced(String text, int dollar) {
            int end = closingBrace(text, dollar + 2);
            Matcher reference = BRACED.matcher(end < 0 ? "" : text.substring(dollar + 2, end));
            if (reference.matches() && depth < MAX_DEPTH) {
                braced(reference);
                return end + 1;
            }
            int until = end < 0 ? text.length() : end + 1;
            String rest = text.substring(dollar, until);
            remarks.weaker(span, Remarks.quoted(rest) + " is taken as it stands", "it is no reference to a variable");
            literal.append(rest);
            return until;
        }

        private void braced(Matcher reference) {
            String name = reference.group(1);
            String operand = reference.group(3) == null ? "" : operand(reference.group(3));
            switch (reference.group(2)) {
                case ":-" -> add(name, Otherwise.DEFAULT, operand);
                case "-" -> {
                    emptyCountsAsUnset(name);
                    add(name, Otherwise.DEFAULT, operand);
                }
                case ":?" -> add(name, Otherwise.ERROR, operand);
                case "?" -> {
                    emptyCountsAsUnset(name);
                    add(name, Otherwise.ERROR, operand);
                }
                case null -> add(name, Otherwise.EMPTY, "");
                default -> remarks.lost(span, Remarks.quoted("${" + reference.group() + "}"),
                        "a manifest has no text that depends on whether a variable is set");
            }
        }

        private void emptyCountsAsUnset(String name) {
            remarks.note(span, "an empty `" + name + "` counts as one that is not set",
                    "manifests have no reference that tells the two apart");
        }

        /** A default or a message, without the variables in it. */
        private String operand(String text) {
            if (text.indexOf('$') < 0) {
                return text;
            }
            Template nested = new Reading(span, Remarks.unheard(), depth + 1).template(text);
            String likely = nested.likely();
            if (nested.literal().isEmpty()) {
                remarks.lost(span, "the variable within " + Remarks.quoted(text),
                        "references in a manifest do not nest; what counts is " + Remarks.quoted(likely));
            }
            if (likely.contains("${") || likely.contains("}")) {
                remarks.lost(span, "the default " + Remarks.quoted(likely), "a default in a manifest holds no brace");
                return "";
            }
            return likely;
        }
    }

    /** The brace that closes the one before {@code from}; -1 when there is none. */
    private static int closingBrace(String text, int from) {
        int open = 1;
        for (int i = from; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '$' && i + 1 < text.length() && text.charAt(i + 1) == '$') {
                i++;
            } else if (character == '$' && i + 1 < text.length() && text.charAt(i + 1) == '{') {
                open++;
                i++;
            } else if (character == '}' && --open == 0) {
                return i;
            }
        }
        return -1;
    }
}

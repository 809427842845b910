package dev.provision.schema.document;

import java.util.Optional;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Span;

/** Says what SnakeYAML's exceptions say of a text that is not YAML: where it stopped, and where what it was reading begins. */
final class SyntaxErrors {

    private static final String NOT_YAML = "not valid YAML: ";

    private SyntaxErrors() {}

    static Diagnostic of(MarkedYAMLException e, Places places) {
        Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
        Span here = mark == null ? places.start() : places.at(mark);
        String problem = e.getProblem() == null ? String.valueOf(e.getMessage()) : e.getProblem();
        String context = e.getContext() == null ? "" : e.getContext() + " ";
        if (problem.contains("\\t(TAB)") || problem.contains("'\\t'")) {
            return tab(here);
        }
        Optional<Span> begin = Optional.ofNullable(e.getContextMark()).map(places::at).filter(at -> !at.equals(here));
        Diagnostic plain = Diagnostic.error(Code.YAML_SYNTAX, here, NOT_YAML + firstLine(context + problem))
                .fix("check indentation, quotes and colons at and above this line");
        return begin.map(at -> open(plain, context, problem, at)).orElse(plain);
    }

    /** A quote or a brace that is never closed is the mistake, not the place where that is noticed. */
    private static Diagnostic open(Diagnostic problem, String context, String what, Span begin) {
        if (context.contains("quoted scalar") && what.contains("end of stream")) {
            return Diagnostic.error(Code.YAML_SYNTAX, begin, NOT_YAML + "the quote that opens here is never closed")
                    .fix("close it");
        }
        boolean mapping = context.contains("flow mapping");
        if (!mapping && !context.contains("flow sequence")) {
            return problem.related(begin, "what is being read begins here");
        }
        String open = mapping ? "`{`" : "`[`";
        String close = mapping ? "`}`" : "`]`";
        return what.contains("stream end") ? Diagnostic
                .error(Code.YAML_SYNTAX, begin, NOT_YAML + "the " + open + " that opens here is never closed")
                .fix("close it with " + close)
                : problem.fix("write a comma, or close the " + open + " with " + close)
                        .related(begin, "the " + open + " is here");
    }

    private static Diagnostic tab(Span here) {
        String line = here.source().line(here.line());
        boolean indents = line.substring(0, Math.min(line.length(), here.column() - 1)).isBlank()
                && !line.strip().startsWith("#");
        return indents
                ? Diagnostic.error(Code.YAML_SYNTAX, here, NOT_YAML + "a tab indents this line")
                        .fix("indent with spaces; YAML forbids tabs")
                : Diagnostic.error(Code.YAML_SYNTAX, here, "a tab stands here, where only spaces are read")
                        .why("YAML allows it, but the reader used here knows tabs only within texts")
                        .fix("replace it by a space");
    }

    static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}

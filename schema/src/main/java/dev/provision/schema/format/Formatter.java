package dev.provision.schema.format;

import java.util.Optional;

import org.yaml.snakeyaml.error.YAMLException;

import dev.provision.schema.binding.Binder;
import dev.provision.schema.binding.CanonicalKeys;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.YamlReader;
import dev.provision.schema.manifest.ManifestEntry;

/**
 * Brings a manifest into its canonical form: keys under their own names and in the order of the language, quantities in
 * canonical units, blocks indented by two blanks. All else stays as it is written: comments, blank lines, names and their
 * order, quotes, anchors, the style of collections, line breaks.
 */
public final class Formatter {

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    /** Two are nearly always enough, the second of which changes nothing. */
    private static final int MOST_ROUNDS = 5;

    private Formatter() {}

    /**
     * The canonical text of one file, which need not be a valid manifest. What it includes is not looked at.
     *
     * @param problems
     *            gets an error exactly when the result is empty: the text is no YAML mapping, a key stands beside its
     *            alias, or formatting would have changed the meaning; also notes about values whose unit may be a slip
     */
    public static Optional<String> format(SourceText source, Problems problems) {
        Problems own = new Problems();
        Optional<Mapping> root = YamlReader.readMapping(source, own);
        root.ifPresent(mapping -> bind(mapping, own));
        Optional<String> formatted = root.isEmpty() || own.hasErrors() ? Optional.empty() : checked(source, own);
        problems.addAll(own.sorted());
        return formatted;
    }

    /** Of all that can be wrong with a manifest, two things concern its canonical form. */
    private static void bind(Mapping root, Problems problems) {
        Problems found = new Problems();
        new Binder(found).bind(ManifestEntry.class, CanonicalKeys.of(ManifestEntry.class, root, found));
        found.sorted()
                .stream()
                .filter(problem -> problem.code() == Code.CONFLICTING_KEYS || problem.code() == Code.DECIMAL_UNIT)
                .forEach(problems::add);
    }

    private static Optional<String> checked(SourceText source, Problems problems) {
        boolean marked = source.text().startsWith(BYTE_ORDER_MARK);
        SourceText text = marked ? new SourceText(source.name(), source.text().substring(1)) : source;
        try {
            String formatted = canonical(text.text());
            Optional<String> objection = SafetyNet.objection(text, formatted);
            objection.ifPresent(what -> problems.add(refusal(source, what)));
            return objection.isPresent() ? Optional.empty()
                    : Optional.of((marked ? BYTE_ORDER_MARK : "") + formatted);
        } catch (YAMLException e) {
            problems.add(refusal(source, "it would be no YAML any more"));
            return Optional.empty();
        }
    }

    private static Diagnostic refusal(SourceText source, String what) {
        return Diagnostic
                .error(Code.FORMATTING_REFUSED, "`" + source.name() + "` cannot be formatted: " + what)
                .why("formatting must change the form of a manifest only; this is a defect of provision")
                .fix("please report it together with the file; until then, leave the file as it is");
    }

    /**
     * Until nothing changes, so that formatting twice is formatting once: a key that has moved away can leave comments behind
     * which then belong elsewhere.
     */
    private static String canonical(String original) {
        String text = original;
        String next = round(text);
        for (int rounds = 1; rounds < MOST_ROUNDS && !next.equals(text); rounds++) {
            text = next;
            next = round(text);
        }
        return next;
    }

    /** Each step reads what the one before has written. */
    private static String round(String original) {
        String text = FinalBreak.canonical(new Document(original));
        text = BlockLayout.canonical(new Document(text));
        text = Spellings.canonical(new Document(text));
        return FlowOrder.canonical(new Document(text));
    }
}

package dev.provision.provisioner.imports.source;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;

/** Counts the values of a document as often as they stand for something: aliases repeat them. */
public final class Size {

    /** Each can become lines of the manifest and remarks. */
    private static final int MOST_VALUES = 50_000;

    private int left = MOST_VALUES;

    private Size() {}

    /** Whether the document is small enough to be converted; when it is not, that is reported. */
    public static boolean isBearable(Node root, Problems problems) {
        boolean bearable = new Size().fits(root);
        if (!bearable) {
            problems.add(Diagnostic
                    .error(Code.YAML_BOUNDS, root.span(), "the file has more than " + MOST_VALUES + " values")
                    .why("what can be imported is bounded so that a small file cannot fill the memory")
                    .fix("import it in parts"));
        }
        return bearable;
    }

    private boolean fits(Node node) {
        if (--left < 0) {
            return false;
        }
        return switch (node) {
            case Scalar scalar -> true;
            case Sequence sequence -> sequence.items().stream().allMatch(this::fits);
            case Mapping mapping -> mapping.entries().values().stream().map(Entry::value).allMatch(this::fits);
        };
    }
}

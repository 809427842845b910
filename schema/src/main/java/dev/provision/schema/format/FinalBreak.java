package dev.provision.schema.format;

import java.util.Optional;

import dev.provision.schema.format.Written.Leaf;
import dev.provision.schema.format.Written.Mapping;
import dev.provision.schema.format.Written.Style;

/** Ends the last line, so that lines can be moved. A block scalar there must not get a line break by that. */
final class FinalBreak {

    private FinalBreak() {}

    static String canonical(Document document) {
        String text = document.text();
        int last = document.lines().count() - 1;
        if (last < 0 || !document.lines().lineBreak(last).isEmpty()) {
            return text;
        }
        return document.root()
                .flatMap(root -> openScalar(document, root))
                .map(scalar -> closed(document, scalar))
                .orElse(document.lines().isBlank(last) ? text.substring(0, document.lines().start(last))
                        : text + document.lineBreak());
    }

    /** The block scalar that the text ends with. */
    private static Optional<Leaf> openScalar(Document document, Mapping root) {
        return root.last() instanceof Leaf leaf && leaf.style() == Style.BLOCK
                && leaf.end() == document.text().length() ? Optional.of(leaf) : Optional.empty();
    }

    private static String closed(Document document, Leaf scalar) {
        String indicators = BlockScalar.indicators(document, scalar);
        int start = scalar.content() + 1;
        return document.slice(0, start) + indicators.replaceAll("[+-]", "") + "-"
                + document.slice(start + indicators.length(), document.text().length()) + document.lineBreak();
    }
}

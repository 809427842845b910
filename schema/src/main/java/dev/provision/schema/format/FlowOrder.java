package dev.provision.schema.format;

import java.util.List;

import dev.provision.schema.format.Written.Entry;
import dev.provision.schema.format.Written.Leaf;
import dev.provision.schema.format.Written.Mapping;
import dev.provision.schema.format.Written.Part;
import dev.provision.schema.format.Written.Sequence;

/**
 * Puts the keys of mappings in braces into order. What stands between the entries stays where it is; but comments go with
 * their entries, which then get a line each.
 */
final class FlowOrder {

    private final Document document;
    private final KeyOrder keyOrder;
    private final Edits edits;

    private FlowOrder(Document document, Meanings meanings) {
        this.document = document;
        this.keyOrder = new KeyOrder(meanings);
        this.edits = new Edits(document);
    }

    static String canonical(Document document) {
        if (document.root().isEmpty()) {
            return document.text();
        }
        Mapping root = document.root().get();
        FlowOrder order = new FlowOrder(document, Meanings.of(root));
        order.visit(root);
        return order.edits.apply();
    }

    /** Inner mappings first, so that outer ones move what has become of them. */
    private void visit(Written node) {
        switch (node) {
            case Leaf leaf -> {
                // Has no keys.
            }
            case Sequence sequence -> sequence.items().forEach(item -> visit(item.value()));
            case Mapping mapping -> {
                mapping.entries().forEach(entry -> visit(entry.value()));
                List<Integer> order = keyOrder.of(mapping);
                if (mapping.flow() && !order.equals(order.stream().sorted().toList())) {
                    edits.replace(mapping.content(), mapping.end(), ordered(mapping, order));
                }
            }
        }
    }

    private String ordered(Mapping mapping, List<Integer> order) {
        List<String> texts = order.stream().map(mapping.entries()::get).map(this::text).toList();
        boolean commented = document.comments(mapping.content(), mapping.end())
                .stream()
                .anyMatch(comment -> isBetweenEntries(comment, mapping));
        return commented ? new FlowLines(document, mapping).write(texts, order) : inPlace(mapping, texts);
    }

    private String text(Part part) {
        return edits.slice(part.start(), part.end());
    }

    private static boolean isBetweenEntries(int offset, Mapping mapping) {
        return mapping.entries().stream().noneMatch(entry -> entry.start() <= offset && offset < entry.end());
    }

    private String inPlace(Mapping mapping, List<String> texts) {
        StringBuilder text = new StringBuilder();
        int from = mapping.content();
        for (int i = 0; i < texts.size(); i++) {
            Entry place = mapping.entries().get(i);
            text.append(document.slice(from, place.start())).append(texts.get(i));
            from = place.end();
        }
        return text.append(document.slice(from, mapping.end())).toString();
    }
}

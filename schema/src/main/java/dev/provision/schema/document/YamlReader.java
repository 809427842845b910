package dev.provision.schema.document;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamStartEvent;
import org.yaml.snakeyaml.reader.ReaderException;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;

/** Composes one YAML document from SnakeYAML's events, keeping every place. */
public final class YamlReader {

    private static final int MAX_DEPTH = 100;
    /** How many nodes all aliases together may stand for; stops "billion laughs" long before memory does. */
    private static final int MAX_ALIASED_NODES = 20_000_000;

    private record Anchored(Node node, long weight) {}

    /** The document is larger than a manifest may be. */
    private static final class BoundsException extends YAMLException {
        private static final long serialVersionUID = 1;
        private final transient Span span;

        BoundsException(Span span, String message) {
            super(message);
            this.span = span;
        }
    }

    private final Places places;
    private final Problems problems;
    private final Iterator<Event> events;
    private final Map<String, Anchored> anchors = new HashMap<>();
    private long nodes;
    private int depth;

    private YamlReader(SourceText source, Places places, Problems problems) {
        this.places = places;
        this.problems = problems;
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE); // files are bounded where they are read
        this.events = new Yaml(options).parse(new StringReader(source.text())).iterator();
    }

    /** As {@link #read}, and demands that the root is a mapping. */
    public static Optional<Mapping> readMapping(SourceText source, Problems problems) {
        Optional<Node> root = read(source, problems);
        root.filter(node -> !(node instanceof Mapping))
                .ifPresent(node -> problems.add(Diagnostic
                        .error(Code.WRONG_TYPE, node.span(), "a manifest is a mapping, not " + node.kind())
                        .fix("begin with `version: 1`, `fleet: NAME` and `machines:`")));
        return root.filter(Mapping.class::isInstance).map(Mapping.class::cast);
    }

    /** The document's root; empty when the text is not YAML, which has then been reported. */
    public static Optional<Node> read(SourceText source, Problems problems) {
        Places places = new Places(source);
        try {
            return new YamlReader(source, places, problems).document();
        } catch (YAMLException e) {
            problems.add(unreadable(places, e));
            return Optional.empty();
        }
    }

    private static Diagnostic unreadable(Places places, YAMLException e) {
        return switch (e) {
            case BoundsException bounds -> Diagnostic.error(Code.YAML_BOUNDS, bounds.span,
                    String.valueOf(bounds.getMessage()))
                    .why("manifests are bounded so that a small file cannot fill the memory")
                    .fix("write it with less nesting or fewer aliases");
            case MarkedYAMLException marked -> SyntaxErrors.of(marked, places);
            case ReaderException unprintable -> Diagnostic.error(Code.YAML_SYNTAX,
                    places.at(unprintable.getPosition()),
                    "not valid YAML: the character U+%04X may not stand in it".formatted(unprintable.getCodePoint()))
                    .fix("remove it, or write it as an escape in double quotes");
            case YAMLException other -> Diagnostic.error(Code.YAML_BOUNDS, places.start(),
                    SyntaxErrors.firstLine(String.valueOf(other.getMessage())));
        };
    }

    private Optional<Node> document() {
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof StreamStartEvent || event instanceof DocumentStartEvent) {
                continue;
            }
            if (!(event instanceof NodeEvent)) {
                break;
            }
            Node root = node(event);
            rejectSecondDocument();
            return Optional.of(root);
        }
        return Optional.of(Mapping.empty(places.start()));
    }

    private void rejectSecondDocument() {
        while (events.hasNext()) {
            if (events.next() instanceof DocumentStartEvent second) {
                problems.add(Diagnostic.error(Code.YAML_SYNTAX, span(second), "a second document begins here")
                        .fix("keep one manifest a file; remove the `---`"));
                return;
            }
        }
    }

    private Node node(Event event) {
        long before = nodes++;
        if (++depth > MAX_DEPTH) {
            throw new BoundsException(span(event), "values are nested deeper than " + MAX_DEPTH + " levels");
        }
        Node node = switch (event) {
            case ScalarEvent scalar ->
                new Scalar(scalar.getValue(), scalar.getScalarStyle() == ScalarStyle.PLAIN, span(scalar));
            case SequenceStartEvent start -> sequence(start);
            case MappingStartEvent start -> mapping(start);
            case AliasEvent alias -> aliased(alias);
            default -> throw new YAMLException("unexpected " + event);
        };
        if (event instanceof NodeEvent anchored && anchored.getAnchor() != null && !(event instanceof AliasEvent)) {
            anchors.put(anchored.getAnchor(), new Anchored(node, nodes - before));
        }
        depth--;
        return node;
    }

    private Node aliased(AliasEvent alias) {
        Anchored anchored = anchors.get(alias.getAnchor());
        if (anchored == null) {
            problems.add(Diagnostic
                    .error(Code.YAML_SYNTAX, span(alias),
                            "no anchor `&" + alias.getAnchor() + "` stands above this alias")
                    .fix(Suggestion.text(alias.getAnchor(), anchors.keySet(), "define the anchor before it is used")));
            return new Scalar("", true, span(alias));
        }
        nodes += anchored.weight();
        if (nodes > MAX_ALIASED_NODES) {
            throw new BoundsException(span(alias), "aliases stand for more than " + MAX_ALIASED_NODES + " values");
        }
        return anchored.node();
    }

    private Node sequence(SequenceStartEvent start) {
        Span place = span(start);
        List<Node> items = new ArrayList<>();
        for (Event event = events.next(); !(event instanceof SequenceEndEvent); event = events.next()) {
            items.add(node(event));
        }
        return new Sequence(items, place);
    }

    private Node mapping(MappingStartEvent start) {
        Span place = span(start);
        LinkedHashMap<String, Entry> own = new LinkedHashMap<>();
        LinkedHashMap<String, Entry> merged = new LinkedHashMap<>();
        Map<String, Entry> merges = new HashMap<>();
        for (Event event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
            Node key = node(event);
            Node value = node(events.next());
            if (!(key instanceof Scalar name)) {
                problems.add(Diagnostic.error(Code.WRONG_TYPE, key.span(),
                        "a key must be a single value, not " + key.kind()));
            } else if (name.plain() && name.text().equals("<<")) {
                addUnlessTaken(merges, name, value);
                collectMerged(value, merged);
            } else {
                addUnlessTaken(own, name, value);
            }
        }
        merged.forEach(own::putIfAbsent);
        return new Mapping(own, place);
    }

    private void addUnlessTaken(Map<String, Entry> entries, Scalar key, Node value) {
        Entry first = entries.putIfAbsent(key.text(), new Entry(key, value));
        if (first != null) {
            problems.add(Diagnostic.error(Code.DUPLICATE_KEY, key.span(), "`" + key.text() + "` stands twice here")
                    .why("only one of the two could count, and which one would be a guess")
                    .fix(key.text().equals("<<") ? "name both in a list: `<<: [*a, *b]`"
                            : "rename or remove one of them")
                    .related(first.key().span(), "the first one is here"));
        }
    }

    /** The merge key of YAML 1.1: a mapping or a list of mappings, the earlier wins. */
    private void collectMerged(Node value, Map<String, Entry> merged) {
        switch (value) {
            case Mapping mapping -> mapping.entries().forEach(merged::putIfAbsent);
            case Sequence sequence -> sequence.items().forEach(item -> collectMerged(item, merged));
            case Scalar scalar -> problems.add(Diagnostic
                    .error(Code.WRONG_TYPE, scalar.span(), "`<<` takes a mapping, not " + scalar.kind())
                    .fix("write an alias of one, such as `*" + (scalar.isNull() ? "base" : scalar.text()) + "`"));
        }
    }

    private Span span(Event event) {
        return event instanceof ScalarEvent ? places.between(event.getStartMark(), event.getEndMark())
                : places.at(event.getStartMark());
    }
}

package dev.provision.schema.document;

import java.io.StringWriter;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/** Writes maps, lists, texts, numbers and truth values as YAML that {@link YamlReader} reads back the same. */
public final class YamlWriter {

    /** What stands in a line. */
    public enum Layout {
        /** One item of a collection. */
        LINES,
        /** As {@link #LINES}; but collections of a few single values stand in one line. */
        COMPACT
    }

    private YamlWriter() {}

    /**
     * The document as text, an item a line, ending with a newline.
     *
     * @param ascii
     *            other characters are written as escapes
     */
    public static String text(Map<String, ?> document, boolean ascii) {
        return text(document, ascii, Layout.LINES);
    }

    /** As {@link #text(Map, boolean)}, in another layout. */
    public static String text(Map<String, ?> document, boolean ascii, Layout layout) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(FlowStyle.BLOCK);
        options.setIndentWithIndicator(true);
        options.setIndicatorIndent(2);
        options.setSplitLines(false);
        options.setAllowUnicode(!ascii);
        Texts texts = new Texts(options, layout);
        StringWriter text = new StringWriter();
        CollectionNode<?> root = (CollectionNode<?>) texts.represent(document);
        root.setFlowStyle(FlowStyle.BLOCK);
        new Yaml(texts, options).serialize(root, text);
        return text.toString();
    }

    /** Texts in the style that reads best; the emitter takes quotes where a style cannot hold the text. */
    private static final class Texts extends Representer {

        /** No control but the line feed, no other line end, nothing invisible that an editor could lose. */
        private static final Pattern USUAL = Pattern.compile("[\\n\\P{C}&&[^\u2028\u2029]]*");

        /** Longer collections get lines of their own. */
        private static final int MOST_CHARACTERS = 72;
        private static final int MOST_KEYS = 3;

        private final Layout layout;

        Texts(DumperOptions options, Layout layout) {
            super(options);
            this.layout = layout;
            // SnakeYAML's own writes texts with unusual characters as !!binary.
            representers.put(String.class, text -> representScalar(Tag.STR, String.valueOf(text)));
        }

        @Override
        protected Node representScalar(Tag tag, String value, @Nullable ScalarStyle style) {
            return super.representScalar(tag, value, tag.equals(Tag.STR) ? styleOf(value) : style);
        }

        /** A reference to a variable is quoted: it may stand for nothing, and nothing without quotes is null. */
        private static ScalarStyle styleOf(String text) {
            boolean reference = text.contains("${") && !text.contains("\n");
            if (reference || text.equalsIgnoreCase("null") || !USUAL.matcher(text).matches()) {
                return ScalarStyle.DOUBLE_QUOTED;
            }
            return text.contains("\n") && !text.isBlank() ? ScalarStyle.LITERAL : ScalarStyle.PLAIN;
        }

        @Override
        protected Node representSequence(Tag tag, Iterable<?> sequence, @Nullable FlowStyle style) {
            return laidOut(super.representSequence(tag, sequence, style));
        }

        @Override
        protected Node representMapping(Tag tag, Map<?, ?> mapping, @Nullable FlowStyle style) {
            return laidOut(super.representMapping(tag, mapping, style));
        }

        private Node laidOut(Node node) {
            boolean few = switch (node) {
                case SequenceNode list -> isShort(list.getValue().stream());
                case MappingNode mapping -> mapping.getValue().size() <= MOST_KEYS && isShort(
                        mapping.getValue()
                                .stream()
                                .flatMap(entry -> Stream.of(entry.getKeyNode(), entry.getValueNode())));
                default -> false;
            };
            if (layout == Layout.COMPACT && few && node instanceof CollectionNode<?> collection) {
                collection.setFlowStyle(FlowStyle.FLOW);
            }
            return node;
        }

        private static boolean isShort(Stream<Node> parts) {
            return parts.mapToInt(Texts::length).sum() < MOST_CHARACTERS;
        }

        /** Of a single value of one line, with the signs around it; everything else is too long. */
        private static int length(Node node) {
            return switch (node) {
                case ScalarNode scalar when !scalar.getValue().contains("\n") -> scalar.getValue().length() + 3;
                case CollectionNode<?> collection when collection.getValue().isEmpty() -> 3;
                default -> MOST_CHARACTERS;
            };
        }
    }
}

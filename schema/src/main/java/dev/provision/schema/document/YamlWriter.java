package dev.provision.schema.document;

import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/** Writes maps, lists, texts, numbers and truth values as YAML that {@link YamlReader} reads back the same. */
public final class YamlWriter {

    private YamlWriter() {}

    /**
     * The document as text, in block style, ending with a newline.
     *
     * @param ascii
     *            other characters are written as escapes
     */
    public static String text(Map<String, ?> document, boolean ascii) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(FlowStyle.BLOCK);
        options.setIndentWithIndicator(true);
        options.setIndicatorIndent(2);
        options.setSplitLines(false);
        options.setAllowUnicode(!ascii);
        return new Yaml(new Texts(options), options).dump(document);
    }

    /** Texts in the style that reads best; the emitter takes quotes where a style cannot hold the text. */
    private static final class Texts extends Representer {

        /** No control but the line feed, no other line end, nothing invisible that an editor could lose. */
        private static final Pattern USUAL = Pattern.compile("[\\n\\P{C}&&[^\u2028\u2029]]*");

        Texts(DumperOptions options) {
            super(options);
            // SnakeYAML's own writes texts with unusual characters as !!binary.
            representers.put(String.class, text -> representScalar(Tag.STR, String.valueOf(text)));
        }

        @Override
        protected Node representScalar(Tag tag, String value, @Nullable ScalarStyle style) {
            return super.representScalar(tag, value, tag.equals(Tag.STR) ? styleOf(value) : style);
        }

        private static ScalarStyle styleOf(String text) {
            if (text.equalsIgnoreCase("null") || !USUAL.matcher(text).matches()) {
                return ScalarStyle.DOUBLE_QUOTED;
            }
            return text.contains("\n") && !text.isBlank() ? ScalarStyle.LITERAL : ScalarStyle.PLAIN;
        }
    }
}

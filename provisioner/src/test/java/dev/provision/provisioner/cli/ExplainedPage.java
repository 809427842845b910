package dev.provision.provisioner.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of {@code docs/diagnostics/}: a heading with code and title, paragraphs that say what it means, then the sections
 * {@code Example}, {@code Why} and {@code How to fix it}. In a section, a block of {@code yaml} or {@code toml} is the
 * file that is named before it, {@code machines.yaml} unless one is; a block of {@code console} is a command and what it prints.
 */
record ExplainedPage(String text, String heading, Section example, Section why, Section fix) {

    static final Path FOLDER = Path.of("../docs/diagnostics");

    private static final Pattern BLOCK = Pattern.compile("(?:`([^`\n]+)`:\n\n)?```(yaml|toml|console)\n(.*?)```\n",
            Pattern.DOTALL);

    /** The words of a section and the files and commands in it. */
    record Section(String text, Map<String, String> files, List<Console> consoles) {

        static Section of(String text) {
            Map<String, String> files = new LinkedHashMap<>();
            List<Console> consoles = new ArrayList<>();
            Matcher blocks = BLOCK.matcher(text);
            while (blocks.find()) {
                if (blocks.group(2).equals("console")) {
                    String[] lines = blocks.group(3).split("\n", 2);
                    consoles.add(new Console(lines[0], lines[1]));
                } else {
                    files.put(blocks.group(1) == null ? "machines.yaml" : blocks.group(1), blocks.group(3));
                }
            }
            return new Section(text, files, consoles);
        }

        void writeTo(Path folder) throws IOException {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue());
            }
        }
    }

    /** {@code $ provision validate machines.yaml} and what it prints. */
    record Console(String line, String output) {

        String[] arguments() {
            return line.replaceFirst("^\\$ provision ", "").split(" ");
        }
    }

    static ExplainedPage read(Path file) {
        try {
            String text = Files.readString(file);
            String[] parts = text.split("(?m)^## (Example|Why|How to fix it)\n", -1);
            if (parts.length != 4) {
                throw new AssertionError(file + " has not the sections Example, Why and How to fix it, in this order");
            }
            return new ExplainedPage(text, text.lines().findFirst().orElse(""), Section.of(parts[1]),
                    Section.of(parts[2]), Section.of(parts[3]));
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    /** The page with another output of a command. */
    String withOutput(Console console, String output) {
        String block = "```console\n" + console.line() + "\n";
        int start = text.indexOf(block) + block.length();
        return text.substring(0, start) + output + text.substring(start + console.output().length());
    }
}

package dev.provision.provisioner.documentation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

import dev.provision.schema.diagnostics.Code;

/**
 * The page that explains a code, as {@code docs/diagnostics/} has it; the build packs it into the program.
 *
 * @param text
 *            Markdown, beginning with a heading
 */
public record DiagnosticPage(String text) {

    public static DiagnosticPage of(Code code) {
        try (InputStream page = DiagnosticPage.class.getResourceAsStream(code.id() + ".md")) {
            if (page == null) {
                throw new IllegalStateException("the build packs a page for every code, but none for " + code.id());
            }
            return new DiagnosticPage(new String(page.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All below the heading. */
    public String body() {
        return text.replaceFirst("\\A#[^\n]*\n+", "");
    }

    /** The first paragraph under the heading, as one line. */
    public String summary() {
        return text.lines()
                .skip(1)
                .dropWhile(String::isBlank)
                .takeWhile(line -> !line.isBlank())
                .collect(Collectors.joining(" "));
    }
}

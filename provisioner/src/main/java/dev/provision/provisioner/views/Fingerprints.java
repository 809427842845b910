package dev.provision.provisioner.views;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import dev.provision.hypervisor.image.deb.Sha256;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Span;

/**
 * Tells the same problem in two versions of a file: made from its code, its words and its line's text, not from the line's
 * number or indentation. Equal ones are counted, in the order of the file.
 */
final class Fingerprints {

    /** How much of a long line counts, from the problem's place on. */
    private static final int CONTEXT = 200;
    private static final int DIGEST_BYTES = 8;

    private final Map<String, Integer> seen = new HashMap<>();

    /** {@code 9f86d081884c7d65:1}. */
    String next(Diagnostic problem) {
        String digest = digest(problem.code().id() + "\n" + problem.what() + "\n"
                + problem.span().map(Fingerprints::context).orElse(""));
        return digest + ":" + seen.merge(digest, 1, Integer::sum);
    }

    private static String context(Span span) {
        String line = span.source().line(span.line());
        int from = line.length() <= CONTEXT ? 0 : Math.min(span.column() - 1, line.length());
        return line.substring(from, Math.min(line.length(), from + CONTEXT)).strip();
    }

    private static String digest(String text) {
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, 2 * DIGEST_BYTES);
    }
}

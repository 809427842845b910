package dev.provision.provisioner.views;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

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
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

package dev.provision.schema.manifest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.Key;
import dev.provision.schema.units.QuantityFormatException;

/** A URL of the guest as written. */
// @formatter:off
public record HttpEntry(
        @Key(value = "port of the guest", required = true, examples = "8080")
        @Min(value = 1, message = "must be at least 1")
        @Max(value = 65_535, message = "must be at most 65535") @Nullable Integer port,

        @Key(value = "path, with a slash in front", standard = "/", examples = "/health")
        @jakarta.validation.constraints.Pattern(regexp = HttpEntry.PATH, message = "must be a path such as /health")
        @Nullable String path) {
    // @formatter:on

    /** A port from 1 to 65535, as a regular expression. */
    public static final String PORT = "0*(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})";
    static final String PATH = "/[!-~]*";
    private static final String HOST = "(http://(localhost|127\\.0\\.0\\.1)?)?:?";
    private static final Pattern GRAMMAR = Pattern
            .compile("(?:http://(?:localhost|127\\.0\\.0\\.1)?)?:?([0-9]{1,9})(" + PATH + ")?");

    @FromScalar(value = "a port and a path such as 8080/health", pattern = "\\s*" + HOST + PORT + "(" + PATH + ")?\\s*")
    static HttpEntry of(@Min(1) @Max(65_535) String text) throws QuantityFormatException {
        Matcher matcher = GRAMMAR.matcher(text.strip());
        if (!matcher.matches()) {
            throw new QuantityFormatException("`" + text + "` names no port of the guest",
                    "write port and path such as 8080/health, or {port: 8080, path: /health}");
        }
        return new HttpEntry(Integer.valueOf(matcher.group(1)), matcher.group(2));
    }
}

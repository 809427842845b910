package dev.provision.schema.manifest;

import java.util.Locale;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.ToScalar;
import dev.provision.schema.fleet.HugePages;
import dev.provision.schema.units.QuantityFormatException;

/**
 * Huge pages as written.
 *
 * @param pages
 *            null: none, as {@code false} says
 */
public record HugePagesEntry(@Nullable HugePages pages) {

    private static final String NONE = "false";

    @FromScalar(value = "true, false, 2MiB or 1GiB", words = {"true", NONE, "2MiB",
        "1GiB"}, pattern = "[Tt]rue|TRUE|[Ff]alse|FALSE|2MiB|1GiB")
    static HugePagesEntry of(String text) throws QuantityFormatException {
        String word = canonical(text);
        Optional<HugePages> pages = HugePages.of(word);
        if (pages.isEmpty() && !word.equals(NONE)) {
            throw new QuantityFormatException("there are no huge pages of `" + text + "`",
                    "write `true` for the host's default size, 2MiB or 1GiB, or `false`");
        }
        return new HugePagesEntry(pages.orElse(null));
    }

    @ToScalar
    static String canonical(String text) {
        return text.matches("True|TRUE|False|FALSE") ? text.toLowerCase(Locale.ROOT) : text;
    }
}

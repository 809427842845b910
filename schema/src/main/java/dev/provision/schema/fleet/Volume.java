package dev.provision.schema.fleet;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.schema.units.QuantityFormatException;

/**
 * A folder of the host that the guest sees.
 *
 * @param source
 *            the host's folder; as written it may be relative to the manifest, in a resolved fleet it is absolute
 * @param target
 *            where the guest sees it; an absolute path, not {@code /}
 * @param readOnly
 *            the guest cannot write to it
 */
public record Volume(String source, String target, boolean readOnly) {

    private static final Pattern GRAMMAR = Pattern.compile("([^:\\x00]+):(/[^:\\x00]+)(?::(ro|rw))?");

    /**
     * Reads Docker's notation for bind mounts.
     *
     * @throws QuantityFormatException
     *             when the text has another form, or the target contains {@code ..}
     */
    public static Volume parse(String text) throws QuantityFormatException {
        Matcher matcher = GRAMMAR.matcher(text.strip());
        if (!matcher.matches()) {
            throw new QuantityFormatException("`" + text + "` is not a volume",
                    "write HOST_FOLDER:/GUEST_FOLDER[:ro], such as ./data:/data:ro");
        }
        if (matcher.group(1).startsWith("~")) {
            throw new QuantityFormatException("`" + matcher.group(1) + "` is not expanded to a home folder",
                    "write the folder out, such as /home/me/data, or `./" + matcher.group(1)
                            + "` for one of that name beside the manifest");
        }
        String target = matcher.group(2).replaceAll("/+", "/");
        target = target.length() > 1 ? target.replaceFirst("/$", "") : target;
        if (target.equals("/") || (target + "/").contains("/../") || (target + "/").contains("/./")) {
            throw new QuantityFormatException("`" + matcher.group(2) + "` is no place for a volume",
                    "name a folder below the root, without `..`, such as /data");
        }
        return new Volume(matcher.group(1), target, "ro".equals(matcher.group(3)));
    }

    /** {@code ./data:/data:ro}. */
    @Override
    public String toString() {
        return source + ":" + target + (readOnly ? ":ro" : "");
    }
}

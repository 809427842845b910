package dev.provision.schema.format;

/** The comments that concern a file as a whole, and the lines before its document. */
final class Header {

    private Header() {}

    /**
     * The line behind the header: what stands in the first lines stays there, up to the last blank line above the first key,
     * or up to that key when no blank line separates them.
     *
     * @param first
     *            the line of the first key
     */
    static int end(Document document, int first) {
        for (int line = first; line > 0; line--) {
            if (document.lines().isBlank(line - 1)) {
                return line;
            }
            if (!document.isCommentAlone(line - 1)) {
                return first;
            }
        }
        return first;
    }
}

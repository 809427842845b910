package dev.provision.provisioner.views.graph;

/** Draws shapes of SVG 1.1, in pixels; colours and strokes come from the classes of {@link Theme}. */
final class Sketch {

    private final Markup markup = new Markup();

    /** What follows, up to {@link #end}, belongs together and shows this text when it is pointed at. */
    Sketch group(String classes, String tip) {
        markup.open("g", "class", classes).leaf("title", tip);
        return this;
    }

    Sketch end() {
        markup.close();
        return this;
    }

    Sketch text(double x, double y, String content, String classes) {
        markup.leaf("text", content, "x", Markup.number(x), "y", Markup.number(y), "class", classes);
        return this;
    }

    /** @param anchor {@code middle} or {@code end} of the text is at {@code x} */
    Sketch text(double x, double y, String content, String classes, String anchor) {
        markup.leaf("text", content, "x", Markup.number(x), "y", Markup.number(y), "class", classes, "text-anchor",
                anchor);
        return this;
    }

    Sketch rectangle(double x, double y, double width, double height, String classes) {
        return rectangle(x, y, width, height, 0, classes);
    }

    Sketch rectangle(double x, double y, double width, double height, double radius, String classes) {
        markup.empty("rect", "x", Markup.number(x), "y", Markup.number(y), "width", Markup.number(Math.max(0, width)),
                "height", Markup.number(height), "rx", Markup.number(radius), "class", classes);
        return this;
    }

    Sketch line(double x1, double y1, double x2, double y2, String classes) {
        markup.empty("line", "x1", Markup.number(x1), "y1", Markup.number(y1), "x2", Markup.number(x2), "y2",
                Markup.number(y2), "class", classes);
        return this;
    }

    /** @param data commands of SVG 1.1, chapter 8.3 */
    Sketch path(String data, String classes) {
        markup.empty("path", "d", data, "class", classes);
        return this;
    }

    /** A path with the head of an arrow, which {@link #arrowHead} has defined, at its end. */
    Sketch arrow(String data, String classes, String head) {
        markup.empty("path", "d", data, "class", classes, "marker-end", "url(#" + head + ")");
        return this;
    }

    /** @param id unique among all pictures of a page */
    Sketch arrowHead(String id) {
        markup.open("defs")
                .open("marker", "id", id, "viewBox", "0 0 8 8", "refX", "7", "refY", "4", "markerWidth", "7",
                        "markerHeight", "7", "markerUnits", "userSpaceOnUse", "orient", "auto")
                .empty("path", "d", "M0 0.5L8 4L0 7.5Z", "class", "head")
                .close()
                .close();
        return this;
    }

    /** {@code 12.5 40}: a point of a path. */
    static String point(double x, double y) {
        return Markup.number(x) + " " + Markup.number(y);
    }

    /** About how wide a text of 12 pixels is: fonts are the reader's. */
    static double widthOf(String text) {
        return 7.4 * text.codePointCount(0, text.length());
    }

    @Override
    public String toString() {
        return markup.toString();
    }
}

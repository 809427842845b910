package dev.provision.provisioner.views.graph;

/**
 * A finished picture.
 *
 * @param id
 *            unique among all pictures of a page
 * @param description
 *            what it shows, for those who cannot see it
 * @param content
 *            elements of SVG
 */
record Figure(String id, String title, String description, double width, double height, String content) {

    /** A file of its own. */
    String document() {
        Markup markup = new Markup().verbatim("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        return write(markup, true).toString();
    }

    /** Part of a page that has the style sheet already. */
    Markup within(Markup page) {
        return write(page, false);
    }

    private Markup write(Markup markup, boolean alone) {
        String right = Markup.number(width);
        String bottom = Markup.number(height);
        markup.open("svg", "xmlns", "http://www.w3.org/2000/svg", "width", right, "height", bottom, "viewBox",
                "0 0 " + right + " " + bottom, "role", "img", "aria-labelledby", id + "-title " + id + "-description");
        markup.leaf("title", title, "id", id + "-title").leaf("desc", description, "id", id + "-description");
        if (alone) {
            markup.verbatim("<style>\n" + Theme.pictures() + "</style>\n");
        }
        return markup.empty("rect", "width", right, "height", bottom, "class", "ground").verbatim(content).close();
    }
}

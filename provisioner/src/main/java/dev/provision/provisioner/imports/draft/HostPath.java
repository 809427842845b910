package dev.provision.provisioner.imports.draft;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.provision.provisioner.imports.source.Template;
import dev.provision.provisioner.imports.source.Template.Literal;
import dev.provision.provisioner.imports.source.Template.Otherwise;
import dev.provision.provisioner.imports.source.Template.Part;
import dev.provision.provisioner.imports.source.Template.Reference;
import dev.provision.schema.diagnostics.Span;

/**
 * Paths on the host as a manifest writes them: relative to its own folder.
 *
 * @param way
 *            from the manifest's folder to that of the imported file; empty when it is the same
 * @param home
 *            what stands for {@code ~} at a place; asked for only when it does
 */
public record HostPath(String way, Function<Span, Template> home) {

    /** A path of the imported file, which may be relative to that or begin with the person's home. */
    public Template fromManifest(Template path, Span place) {
        if (path.isEmpty()) {
            return path;
        }
        List<Part> rest = path.parts().subList(1, path.parts().size());
        return switch (path.parts().getFirst()) {
            case Literal first when first.value().equals("~") || first.value().startsWith("~/") ->
                Template.join(home.apply(place), Template.of(first.value().substring(1)), new Template(rest));
            case Literal first -> Template.join(Template.of(moved(first.value())), new Template(rest));
            case Reference first when first.otherwise() == Otherwise.DEFAULT -> {
                List<Part> parts = new ArrayList<>(rest);
                parts.addFirst(new Reference(first.name(), Otherwise.DEFAULT, moved(first.operand())));
                yield new Template(parts);
            }
            // Whoever sets the variable knows where the manifest lies.
            case Reference first -> path;
        };
    }

    private String moved(String path) {
        if (way.isEmpty() || !path.startsWith(".")) {
            return path;
        }
        String below = path.equals(".") ? "" : path.startsWith("./") ? path.substring(1) : "/" + path;
        return (way.startsWith("/") || way.startsWith("..") ? way : "./" + way) + below;
    }
}

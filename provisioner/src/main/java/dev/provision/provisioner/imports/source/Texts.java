package dev.provision.provisioner.imports.source;

import dev.provision.schema.document.Node.Scalar;

/** What the single values of a file stand for: itself in a Smolfile, text with references in a Compose file. */
@FunctionalInterface
public interface Texts {

    /** Reads one value; whatever it says that a template cannot is remarked. */
    Template read(Scalar scalar, Remarks remarks);

    /** Hears of a text that means nothing while one of its variables is empty: a port, a size, a path. */
    default void demand(Template text) {}
}

/** YAML text as a tree of nodes that know their place in the file. */
@NullMarked
package dev.provision.schema.document;

import org.jspecify.annotations.NullMarked;

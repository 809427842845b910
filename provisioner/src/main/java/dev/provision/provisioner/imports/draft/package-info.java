/** A manifest that is being written, and its text. */
@NullMarked
package dev.provision.provisioner.imports.draft;

import org.jspecify.annotations.NullMarked;

/** Manifests from files of other systems, saying what could not be carried over. */
@NullMarked
package dev.provision.provisioner.imports;

import org.jspecify.annotations.NullMarked;

/** Smolfiles of smolvm. */
@NullMarked
package dev.provision.provisioner.imports.smolfile;

import org.jspecify.annotations.NullMarked;

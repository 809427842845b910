/** Keeps a fleet as its manifest wants it: plans and converges again whenever something has happened. */
@NullMarked
package dev.provision.provisioner.watch;

import org.jspecify.annotations.NullMarked;

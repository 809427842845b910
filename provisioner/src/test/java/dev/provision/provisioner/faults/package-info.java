/** Crashes of the command on a model of the host: every instant at which something on it changes, and many twice. */
@NullMarked
package dev.provision.provisioner.faults;

import org.jspecify.annotations.NullMarked;

/** Executes a plan; decides nothing. */
@NullMarked
package dev.provision.provisioner.convergence;

import org.jspecify.annotations.NullMarked;

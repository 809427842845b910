@NullMarked
package dev.provision.provisioner.convergence;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.provision.provisioner.watch;

import org.jspecify.annotations.NullMarked;

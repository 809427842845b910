@NullMarked
package dev.provision.provisioner.cli;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.provision.provisioner.journal;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.provision.provisioner.imports;

import org.jspecify.annotations.NullMarked;

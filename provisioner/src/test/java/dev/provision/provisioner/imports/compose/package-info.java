@NullMarked
package dev.provision.provisioner.imports.compose;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.provision.provisioner.imports.source;

import org.jspecify.annotations.NullMarked;

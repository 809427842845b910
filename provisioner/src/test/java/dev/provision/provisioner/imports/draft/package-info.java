@NullMarked
package dev.provision.provisioner.imports.draft;

import org.jspecify.annotations.NullMarked;

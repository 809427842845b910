/** What is read of another system's file, with its places and with what was said about them. */
@NullMarked
package dev.provision.provisioner.imports.source;

import org.jspecify.annotations.NullMarked;

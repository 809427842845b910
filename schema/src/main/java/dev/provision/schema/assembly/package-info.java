/** From files to one document: includes, overlays, variables. Every value keeps the place it was written in. */
@NullMarked
package dev.provision.schema.assembly;

import org.jspecify.annotations.NullMarked;

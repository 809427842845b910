/** Problems as data: code, place, what, why, how to fix. */
@NullMarked
package dev.provision.schema.diagnostics;

import org.jspecify.annotations.NullMarked;

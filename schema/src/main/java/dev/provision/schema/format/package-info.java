/** Brings the text of a manifest into its canonical form and leaves alone what people wrote for people. */
@NullMarked
package dev.provision.schema.format;

import org.jspecify.annotations.NullMarked;

/** Quantities that are valid on construction: sizes and CPUs. */
@NullMarked
package dev.provision.schema.units;

import org.jspecify.annotations.NullMarked;

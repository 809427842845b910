/** Wanted against observed, field by field, with the disruption of each change. */
@NullMarked
package dev.provision.planner.diff;

import org.jspecify.annotations.NullMarked;

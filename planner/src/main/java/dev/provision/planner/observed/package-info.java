/** What is really there, as values. */
@NullMarked
package dev.provision.planner.observed;

import org.jspecify.annotations.NullMarked;

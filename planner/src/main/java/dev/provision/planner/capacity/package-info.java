/** Does the fleet fit the host: proof or shortfall. */
@NullMarked
package dev.provision.planner.capacity;

import org.jspecify.annotations.NullMarked;

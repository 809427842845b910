/** In which order machines boot, and when: admission from the resource pool, simulated with this host's own times. */
@NullMarked
package dev.provision.planner.schedule;

import org.jspecify.annotations.NullMarked;

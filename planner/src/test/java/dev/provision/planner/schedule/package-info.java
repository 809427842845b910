/** Tests of the boot plan. */
@NullMarked
package dev.provision.planner.schedule;

import org.jspecify.annotations.NullMarked;

/** The complete value between fleet and observed: changes, steps, boot order. */
@NullMarked
package dev.provision.planner.plan;

import org.jspecify.annotations.NullMarked;

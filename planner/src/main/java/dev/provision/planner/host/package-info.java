/** What the planner knows of the host: capacity and accelerator, as values. */
@NullMarked
package dev.provision.planner.host;

import org.jspecify.annotations.NullMarked;

/** What holds for every plan, proven against a model of a host, oracles and fleets at random. */
@NullMarked
package dev.provision.planner.proof;

import org.jspecify.annotations.NullMarked;

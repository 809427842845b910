package dev.provision.planner.schedule;

import dev.provision.planner.capacity.Share;

/**
 * A machine that waits for its share.
 *
 * @param share
 *            what it still needs; nothing for one that boots again with what it has
 * @param rank
 *            the lower, the sooner; no two machines have the same
 * @param boots
 *            it takes one of the slots for machines that boot at the same time
 */
public record Ticket(String machine, Share share, int rank, boolean boots) {}

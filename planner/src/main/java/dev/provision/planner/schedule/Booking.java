package dev.provision.planner.schedule;

import java.time.Duration;
import java.util.Optional;

import dev.provision.planner.capacity.Share;

/**
 * When one machine has its share of the pool. Times are estimates, counted from the beginning of the run.
 *
 * @param share
 *            what it holds from its admission on
 * @param boots
 *            a VMM is started; else the machine is changed while it runs
 * @param from
 *            it is admitted
 * @param ready
 *            it is as wanted
 * @param until
 *            its share comes back: the end of a job; absent when it is held for good
 */
public record Booking(String machine, Share share, boolean boots, Duration from, Duration ready,
        Optional<Duration> until) {}

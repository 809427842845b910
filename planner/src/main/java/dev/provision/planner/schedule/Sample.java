package dev.provision.planner.schedule;

import java.time.Duration;

import dev.provision.planner.host.Accelerator;

/**
 * How long something took on this host.
 *
 * @param accelerator
 *            what ran the guest then; times under another one say nothing
 */
public record Sample(String fleet, String machine, Accelerator accelerator, Kind kind, Duration took) {

    /** What took that long. */
    public enum Kind {
        /** From the VMM's start until the machine was ready. */
        BOOT,
        /** A job, from ready to its end. */
        RUN
    }
}

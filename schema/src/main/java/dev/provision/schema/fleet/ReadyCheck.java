package dev.provision.schema.fleet;

import java.time.Duration;

/**
 * When a machine counts as ready.
 *
 * @param timeout
 *            how long a boot may take until then
 */
public record ReadyCheck(Probe probe, Duration timeout) {}

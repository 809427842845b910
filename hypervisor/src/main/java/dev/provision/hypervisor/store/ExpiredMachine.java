package dev.provision.hypervisor.store;

import java.time.Instant;

import dev.provision.schema.fleet.MachineSpec;

/**
 * A machine that has gone because its {@code ttl} was over.
 *
 * @param written
 *            what the manifest said of it then: as long as it says the same, nobody makes it again without being asked
 * @param at
 *            when its time was over, in milliseconds
 */
public record ExpiredMachine(MachineSpec written, Instant at) {}

package dev.provision.planner.observed;

import dev.provision.planner.host.Accelerator;
import dev.provision.schema.units.ByteSize;

/**
 * What a machine's VMM was started with and cannot change while it runs.
 *
 * @param vcpusMax
 *            vCPUs the VMM has; the guest may have fewer of them on line
 * @param memoryMax
 *            memory the VMM has; the balloon may hold a part of it
 * @param imageDigest
 *            digest of the image that was booted
 */
public record Booted(Accelerator accelerator, String machineType, int vcpusMax, ByteSize memoryMax,
        String imageDigest) {}

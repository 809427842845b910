package dev.provision.planner.observed;

import dev.provision.planner.host.Accelerator;
import dev.provision.schema.units.ByteSize;

/**
 * What a machine's VMM was started with and cannot change while it runs.
 *
 * @param vcpusMax
 *            the most vCPUs the VMM can have; the guest may have fewer of them on line, and others are not plugged in
 * @param memoryMax
 *            the most memory the VMM can have; the balloon may hold a part of it, and another is not plugged in
 * @param imageDigest
 *            digest of the image that was booted
 */
public record Booted(Accelerator accelerator, String machineType, int vcpusMax, ByteSize memoryMax,
        String imageDigest) {}

package dev.provision.planner.observed;

import java.util.Optional;
import java.util.Set;

import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.Need;
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
 * @param met
 *            which of the machine's needs its machine type was chosen for; absent where that was not written down yet
 */
public record Booted(Accelerator accelerator, String machineType, int vcpusMax, ByteSize memoryMax, String imageDigest,
        Optional<Set<Need>> met) {

    public Booted {
        met = met.map(Set::copyOf);
    }

    /** One of which nobody has written down what it was chosen for. */
    public Booted(Accelerator accelerator, String machineType, int vcpusMax, ByteSize memoryMax, String imageDigest) {
        this(accelerator, machineType, vcpusMax, memoryMax, imageDigest, Optional.empty());
    }

    /** Whether it was booted for this; {@code bySpec} where only the spec tells. */
    public boolean meets(Need need, boolean bySpec) {
        return met.map(all -> all.contains(need)).orElse(bySpec);
    }
}

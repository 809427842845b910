package dev.provision.hypervisor.qemu.qmp;

import java.util.Optional;

import dev.provision.schema.units.ByteSize;

/**
 * The memory of a VMM.
 *
 * @param atBoot
 *            what it was started with
 * @param left
 *            that, less what the balloon holds
 * @param region
 *            where more can be plugged in; absent where none can
 */
public record VmmMemory(ByteSize atBoot, ByteSize left, Optional<Region> region) {

    /**
     * A virtio-mem device.
     *
     * @param id
     *            by which the monitor finds it
     * @param plugged
     *            what the guest has of it
     * @param block
     *            what it plugs at a time
     * @param max
     *            the most that can be plugged
     */
    public record Region(String id, ByteSize plugged, ByteSize block, ByteSize max) {}

    /**
     * How an amount of memory is made up.
     *
     * @param balloon
     *            what the balloon leaves of the memory that was there at boot
     * @param plugged
     *            whole blocks
     */
    public record Split(ByteSize balloon, ByteSize plugged) {}

    /** What the guest has. */
    public ByteSize total() {
        return region.isPresent() ? left.plus(region.get().plugged()) : left;
    }

    /**
     * Up to what was there at boot, by the balloon alone. Beyond it whole blocks are plugged in, and the balloon takes what is
     * too much of the last one: so the guest has just what it should have, whatever a block is.
     */
    public Split split(ByteSize wanted) {
        if (region.isEmpty() || wanted.compareTo(atBoot) <= 0) {
            return new Split(wanted, ByteSize.ZERO);
        }
        long block = region.get().block().bytes();
        long missing = wanted.bytes() - atBoot.bytes();
        long plugged = Math.min(Math.ceilDiv(missing, block) * block, region.get().max().bytes());
        return new Split(atBoot.minusOrZero(new ByteSize(Math.max(0, plugged - missing))), new ByteSize(plugged));
    }
}

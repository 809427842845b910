package dev.provision.planner.capacity;

import java.util.List;

import dev.provision.schema.fleet.GpuModel;

/**
 * How few devices of a model can be cut into some partitions. A device has eight slices of memory, 0 to 7, and each kind of
 * partition may begin at some of them only (NVIDIA MIG User Guide, "Supported MIG profiles"; {@code nvidia-smi mig -lgipp}):
 * {@code 7g} takes all; {@code 4g} the lower half; {@code 3g} a half; {@code 2g} two slices from 0, 2 or 4; a {@code 1g}
 * with twice the memory two from 0, 2, 4 or 6; a {@code 1g} one, but never the last.
 */
record MigPacking(int sevens, int fours, int threes, int twos, int doubleOnes, int ones) {

    /** The fewest devices that hold all of these partitions of a model. */
    static int devices(GpuModel model, List<String> partitions) {
        int[] counts = new int[8];
        int doubleOnes = 0;
        for (String partition : partitions) {
            boolean isDoubleOne = partition.startsWith("1g") && !partition.equals(model.partitions().getFirst());
            if (isDoubleOne) {
                doubleOnes++;
            } else {
                counts[partition.charAt(0) - '0']++;
            }
        }
        MigPacking packing = new MigPacking(counts[7], counts[4], counts[3], counts[2], doubleOnes, counts[1]);
        int devices = 0;
        while (!packing.fits(devices)) {
            devices++;
        }
        return devices;
    }

    /** Tries how many of the {@code 3g} are in upper halves; what they leave decides the rest. */
    private boolean fits(int devices) {
        int halved = devices - sevens;
        for (int inUpper = 0; inUpper <= Math.min(threes, halved); inUpper++) {
            int lower = halved - fours - (threes - inUpper);
            if (lower >= 0 && restFits(lower, halved - inUpper)) {
                return true;
            }
        }
        return false;
    }

    /** A lower half has two pairs of slices, an upper one a pair and one of whose slices the last is for nobody alone. */
    private boolean restFits(int lower, int upper) {
        if (lower < 0 || upper < 0 || twos > 2 * lower + upper || twos + doubleOnes > 2 * (lower + upper)) {
            return false;
        }
        int inLastPair = Math.min(doubleOnes, upper);
        int taken = 2 * twos + inLastPair + 2 * (doubleOnes - inLastPair);
        return ones <= 4 * lower + 3 * upper - taken;
    }
}

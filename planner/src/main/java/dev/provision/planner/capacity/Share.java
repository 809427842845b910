package dev.provision.planner.capacity;

import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

/** An amount of CPUs and memory: what a machine reserves, what a pool holds. */
public record Share(Cpus cpus, ByteSize memory) {

    public static final Share NOTHING = new Share(new Cpus(0), ByteSize.ZERO);

    /** What admission takes from the pool for this machine: its requests. */
    public static Share of(MachineSpec spec) {
        return new Share(spec.resources().cpus().request(), spec.resources().memory().request());
    }

    public Share plus(Share other) {
        return new Share(cpus.plus(other.cpus), memory.plus(other.memory));
    }

    /** The larger of each. */
    public Share max(Share other) {
        return new Share(Cpus.max(cpus, other.cpus), ByteSize.max(memory, other.memory));
    }

    /** What is left, never below zero. */
    public Share minus(Share other) {
        return new Share(cpus.minusOrZero(other.cpus), memory.minusOrZero(other.memory));
    }

    public boolean fitsInto(Share room) {
        return cpus.compareTo(room.cpus) <= 0 && memory.compareTo(room.memory) <= 0;
    }

    /** {@code 4096 MiB memory, 8 CPUs}. */
    @Override
    public String toString() {
        return memory.mib() + " MiB memory, " + cpus + " CPUs";
    }
}

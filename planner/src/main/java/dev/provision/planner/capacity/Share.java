package dev.provision.planner.capacity;

import java.util.ArrayList;
import java.util.List;

import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Resources;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

/** An amount of CPUs and memory: what a machine reserves, what a pool holds. */
public record Share(Cpus cpus, ByteSize memory) {

    public static final Share NOTHING = new Share(new Cpus(0), ByteSize.ZERO);

    /**
     * A machine's requests alone; what a pool takes for it is said by {@link ResourcePool#shareOf}. Of one that takes devices of
     * the host over, all memory that it can have: they may write to any of it, so all of it is there and stays. So of one whose
     * guest takes back what the balloon holds.
     */
    public static Share of(MachineSpec spec) {
        Resources resources = spec.resources();
        return new Share(resources.cpus().request(),
                resources.takesDevices() || resources.memory().takesBack() ? resources.memory().max()
                        : resources.memory().request());
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

    /** As a shortfall, without what is not short: {@code 512 MiB memory}. */
    public String lacking() {
        List<String> parts = new ArrayList<>();
        if (!memory.isZero()) {
            parts.add(memory.mib() + " MiB memory");
        }
        if (cpus.millis() > 0) {
            parts.add(text(cpus));
        }
        return parts.isEmpty() ? "nothing" : String.join(", ", parts);
    }

    /** {@code 1 CPU}, {@code 0.5 CPUs}. */
    public static String text(Cpus cpus) {
        return cpus + (cpus.millis() == 1000 ? " CPU" : " CPUs");
    }

    /** {@code 1 vCPU}, {@code 4 vCPUs}. */
    public static String vcpus(int number) {
        return number + (number == 1 ? " vCPU" : " vCPUs");
    }

    /** {@code 4096 MiB memory, 8 CPUs}. */
    @Override
    public String toString() {
        return memory.mib() + " MiB memory, " + text(cpus);
    }
}

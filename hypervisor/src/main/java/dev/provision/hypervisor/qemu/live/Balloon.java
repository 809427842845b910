package dev.provision.hypervisor.qemu.live;

import java.time.Duration;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.qmp.QmpException;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.schema.units.ByteSize;

/**
 * Memory of a running machine: the balloon takes it from the guest and gives it back; beyond what the machine booted with it is
 * plugged in.
 */
public final class Balloon {
    /** The guest moves whole pages; QEMU reports what it has moved. */
    static final ByteSize TOLERANCE = ByteSize.ofMib(1);

    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration REQUEST = Duration.ofSeconds(5);

    private Balloon() {}

    /**
     * Asks for {@code memory} and waits until the guest has reached it.
     *
     * @throws DriverException
     *             when it does not in time; the request stands, the guest may still get there
     */
    public static void resize(Vm vm, ByteSize memory, Deadline deadline)
            throws DriverException, InterruptedException {
        try {
            vm.monitor().requestMemory(memory, deadline.orIn(REQUEST));
            ByteSize reached = vm.monitor().memory(deadline.orIn(REQUEST)).total();
            while (distance(reached, memory).compareTo(TOLERANCE) > 0) {
                if (deadline.passed()) {
                    throw new DriverException(vm.id() + ": its memory got to " + rounded(reached) + ", not to " + memory
                            + ", within " + deadline.allowed().toSeconds() + " s",
                            "stop something in the guest that uses memory, or set `memory.limit` to more, "
                                    + "then apply again");
                }
                deadline.pause(POLL);
                reached = vm.monitor().memory(Deadline.in(REQUEST)).total();
            }
        } catch (QmpException e) {
            throw new DriverException(vm.id() + ": its memory cannot be changed: " + e.getMessage(),
                    "see whether it still runs, then apply again", e);
        }
    }

    private static ByteSize distance(ByteSize a, ByteSize b) {
        return a.compareTo(b) >= 0 ? a.minusOrZero(b) : b.minusOrZero(a);
    }

    private static ByteSize rounded(ByteSize size) {
        return ByteSize.ofMib(size.mib());
    }
}

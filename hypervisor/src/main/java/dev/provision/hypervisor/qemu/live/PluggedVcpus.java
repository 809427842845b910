package dev.provision.hypervisor.qemu.live;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.qmp.QmpException;
import dev.provision.hypervisor.qemu.qmp.VcpuSlot;
import dev.provision.hypervisor.qemu.vm.Vm;

/** vCPUs that a machine was not started with. */
public final class PluggedVcpus {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration REQUEST = Duration.ofSeconds(5);

    /** A guest that has a vCPU off line lets go of it at once, or not at all. */
    private static final Duration LETTING_GO = Duration.ofSeconds(3);

    private PluggedVcpus() {}

    /**
     * Plugs in as many as {@code wanted} needs, in the order of their places.
     *
     * @return the most vCPUs that the VMM can have, where that is fewer than wanted, and else {@code wanted}; 0 where none can be
     *         plugged in
     */
    static int add(Vm vm, int wanted, Deadline deadline) throws QmpException, InterruptedException {
        List<VcpuSlot> slots = slots(vm, deadline);
        if (wanted > slots.size()) {
            return slots.size();
        }
        int there = (int) slots.stream().filter(VcpuSlot::isTaken).count();
        for (int place = 0; place < slots.size() && there < wanted; place++) {
            if (!slots.get(place).isTaken()) {
                vm.monitor().plug(slots.get(place), "vcpu-" + place, deadline.orIn(REQUEST));
                there++;
            }
        }
        return wanted;
    }

    /** None on a machine type without hot-plug, where the VMM refuses the question. */
    private static List<VcpuSlot> slots(Vm vm, Deadline deadline) throws QmpException, InterruptedException {
        try {
            return vm.monitor().vcpuSlots(deadline.orIn(REQUEST));
        } catch (QmpException e) {
            if (e.kind() == QmpException.Kind.REFUSED) {
                return List.of();
            }
            throw e;
        }
    }

    /**
     * Takes those out again that were plugged in beyond {@code wanted} and are off line: last in, first out. One that the guest
     * does not let go of, or that the VMM refuses to take, stays, off line; a later growth brings it on line again.
     *
     * @throws DriverException
     *             when the VMM does not answer
     */
    public static void remove(Vm vm, int wanted, Deadline deadline) throws DriverException, InterruptedException {
        try {
            List<VcpuSlot> slots = slots(vm, deadline);
            for (int place = slots.size() - 1; place >= wanted; place--) {
                Optional<String> id = slots.get(place).pluggedAs();
                if (id.isPresent() && !isGone(vm, place, id.get(), deadline.orIn(LETTING_GO))) {
                    return;
                }
            }
        } catch (QmpException e) {
            if (e.kind() != QmpException.Kind.REFUSED) {
                throw failed(vm, "its vCPUs are off line, and cannot be taken out", e);
            }
        }
    }

    static DriverException failed(Vm vm, String what, QmpException cause) {
        return new DriverException(vm.id() + ": " + what + ": " + cause.getMessage(),
                "see whether its VMM still answers (`provision status`), then apply again; a restart gives it what it is to"
                        + " have at once",
                cause);
    }

    private static boolean isGone(Vm vm, int place, String id, Deadline deadline)
            throws QmpException, InterruptedException {
        vm.monitor().unplug(id, deadline);
        while (vm.monitor().vcpuSlots(deadline.orIn(REQUEST)).get(place).isTaken()) {
            if (deadline.passed()) {
                return false;
            }
            deadline.pause(POLL);
        }
        return true;
    }
}

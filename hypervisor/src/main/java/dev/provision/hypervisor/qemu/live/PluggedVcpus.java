package dev.provision.hypervisor.qemu.live;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
     * @return the vCPUs that the VMM has then; fewer than wanted where it has no place for more
     */
    static int add(Vm vm, int wanted, Deadline deadline) throws QmpException, InterruptedException {
        List<VcpuSlot> slots = vm.monitor().vcpuSlots(deadline.orIn(REQUEST));
        int there = (int) slots.stream().filter(VcpuSlot::isTaken).count();
        if (wanted > slots.size()) {
            return there;
        }
        for (int place = 0; place < slots.size() && there < wanted; place++) {
            if (!slots.get(place).isTaken()) {
                vm.monitor().plug(slots.get(place), "vcpu-" + place, deadline.orIn(REQUEST));
                there++;
            }
        }
        return there;
    }

    /**
     * Takes those out again that were plugged in beyond {@code wanted} and are off line: last in, first out. One that the guest
     * does not let go of stays, off line; a later growth brings it on line again.
     */
    public static void remove(Vm vm, int wanted, Deadline deadline) throws InterruptedException {
        try {
            List<VcpuSlot> slots = vm.monitor().vcpuSlots(deadline.orIn(REQUEST));
            for (int place = slots.size() - 1; place >= wanted; place--) {
                Optional<String> id = slots.get(place).pluggedAs();
                if (id.isPresent() && !isGone(vm, place, id.get(), deadline.orIn(LETTING_GO))) {
                    return;
                }
            }
        } catch (QmpException e) {
            return; // a machine type without hot-plug: all of them are there for good
        }
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

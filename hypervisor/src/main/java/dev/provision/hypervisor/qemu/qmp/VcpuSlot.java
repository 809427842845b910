package dev.provision.hypervisor.qemu.qmp;

import java.util.Optional;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A place for a vCPU.
 *
 * @param type
 *            the driver of what fits in
 * @param place
 *            socket, core and thread, as {@code device_add} takes them
 * @param path
 *            of the vCPU that is there; absent where there is none
 */
public record VcpuSlot(String type, ObjectNode place, Optional<String> path) {
    private static final String PLUGGED = "/machine/peripheral/";

    /** Whether there is a vCPU. */
    public boolean isTaken() {
        return path.isPresent();
    }

    /** The name under which its vCPU was plugged in; absent of those that were there at boot, which stay. */
    public Optional<String> pluggedAs() {
        return path.filter(there -> there.startsWith(PLUGGED)).map(there -> there.substring(PLUGGED.length()));
    }

    /** Slots are filled in this order, and emptied in the opposite one: so the guest's numbers of vCPUs follow it too. */
    long order() {
        long order = 0;
        for (String level : new String[]{"socket-id", "die-id", "cluster-id", "core-id", "thread-id"}) {
            order = order * 4096 + place.path(level).asLong();
        }
        return order;
    }
}

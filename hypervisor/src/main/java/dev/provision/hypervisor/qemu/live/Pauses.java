package dev.provision.hypervisor.qemu.live;

import java.time.Duration;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.qmp.QmpException;
import dev.provision.hypervisor.qemu.vm.Vm;

/**
 * Guests that QEMU has paused, with all that they were about to do kept. {@code werror=enospc}, its default: when the host has
 * no room for what a guest writes, the guest waits; other errors of the host's file system are the guest's to handle.
 */
public final class Pauses {

    /** QEMU's RunState (qapi/run-state.json) when a write found no room. */
    static final String NO_ROOM = "io-error";

    /** The one when somebody has said {@code stop}. */
    private static final String STOPPED = "paused";

    private static final Duration COMMAND = Duration.ofSeconds(5);

    /** The write that failed is repeated at once, and pauses the guest again when it fails again. */
    private static final Duration HOLDS = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(50);

    private Pauses() {}

    /** Why a guest in that state is paused; absent when it is not, or cannot go on. */
    public static Optional<String> reason(String status) {
        return switch (status) {
            case NO_ROOM -> Optional.of("the host has no room for what it writes to its disks");
            case STOPPED -> Optional.of("its VMM was told to pause it");
            default -> Optional.empty();
        };
    }

    /** Has a guest that is paused go on. */
    public static void end(Vm vm) throws DriverException, InterruptedException {
        try {
            if (reason(vm.monitor().status(Deadline.in(COMMAND))).isEmpty()) {
                return;
            }
            vm.monitor().resume(Deadline.in(COMMAND));
            Deadline holds = Deadline.in(HOLDS);
            while (!holds.passed()) {
                Optional<String> again = reason(vm.monitor().status(Deadline.in(COMMAND)));
                if (again.isPresent()) {
                    throw new DriverException(vm.id() + ": it cannot go on: " + again.get(),
                            "free space in the file system of " + vm.files().overlay().getParent()
                                    + " (`df`), then apply again");
                }
                holds.pause(POLL);
            }
        } catch (QmpException e) {
            throw new DriverException(vm.id() + ": it cannot be resumed: " + e.getMessage(),
                    "see whether it still runs, then apply again", e);
        }
    }
}

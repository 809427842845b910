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

    private static final Duration COMMAND = Duration.ofSeconds(10);

    /** The write that failed is repeated at once, and pauses the guest again when it fails again. */
    private static final Duration HOLDS = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(50);

    private Pauses() {}

    /**
     * Why a guest is paused.
     *
     * @param fix
     *            what lets it go on
     */
    public record Pause(String reason, String fix) {}

    /** What a guest in that state of its VMM is paused by; absent when it is not, or cannot go on. */
    public static Optional<Pause> in(String status, Vm vm) {
        return switch (status) {
            case NO_ROOM -> Optional.of(new Pause("the host has no room for what it writes to its disks",
                    "free space in the file system of " + vm.files().overlay().getParent()
                            + " (`df`), then apply again"));
            case STOPPED -> Optional.of(new Pause("its VMM was told to pause it",
                    "see who pauses it, then apply again"));
            default -> Optional.empty();
        };
    }

    /**
     * Has a guest that is paused go on.
     *
     * @return what has paused it again; absent when it runs
     */
    public static Optional<Pause> resume(Vm vm, Deadline deadline) throws QmpException, InterruptedException {
        if (in(vm.monitor().status(deadline), vm).isEmpty()) {
            return Optional.empty();
        }
        vm.monitor().resume(deadline);
        Deadline holds = Deadline.in(HOLDS);
        Optional<Pause> again = Optional.empty();
        while (again.isEmpty() && !holds.passed()) {
            holds.pause(POLL);
            again = in(vm.monitor().status(Deadline.in(COMMAND)), vm);
        }
        return again;
    }

    /** Has a guest that is paused go on, or says why it cannot. */
    public static void end(Vm vm) throws DriverException, InterruptedException {
        try {
            Optional<Pause> again = resume(vm, Deadline.in(COMMAND));
            if (again.isPresent()) {
                throw new DriverException(vm.id() + ": it cannot go on: " + again.get().reason(), again.get().fix());
            }
        } catch (QmpException e) {
            throw new DriverException(vm.id() + ": it cannot be resumed: " + e.getMessage(),
                    "see whether it still runs, then apply again", e);
        }
    }
}

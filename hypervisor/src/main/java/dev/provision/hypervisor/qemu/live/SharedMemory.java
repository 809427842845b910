package dev.provision.hypervisor.qemu.live;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.ExecResult;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.channel.UntrustedText;
import dev.provision.schema.units.ByteSize;

/** {@code /dev/shm} of a running machine: a tmpfs, which takes another size by a remount (tmpfs(5)). */
public final class SharedMemory {

    /** Runs a command in the guest. */
    @FunctionalInterface
    public interface Guest {
        ExecResult run(List<String> command) throws DriverException, InterruptedException;
    }

    private SharedMemory() {}

    /**
     * Remounts it.
     *
     * @throws DriverException
     *             when the guest refuses, as it does when more than {@code size} is in use
     */
    public static void resize(MachineId id, ByteSize size, Guest guest) throws DriverException, InterruptedException {
        ExecResult result = guest.run(List.of("mount", "-o", "remount,size=" + size.mib() + "m", "/dev/shm"));
        if (result.exitCode() != 0) {
            throw new DriverException(
                    id + ": /dev/shm cannot have " + size + ": "
                            + UntrustedText.line(new String(result.stderr(), StandardCharsets.UTF_8).strip()),
                    "remove what is in it (`provision exec " + id.name() + " -- ls -la /dev/shm`), then apply again");
        }
    }
}

package dev.provision.hypervisor.qemu.live;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.ExecResult;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.channel.UntrustedText;
import dev.provision.hypervisor.qemu.commandline.GuestNetworks;
import dev.provision.schema.fleet.MachineSpec;

/** The names that a running guest knows of its networks: those of its boot, until the host tells others. */
public final class GuestNames {

    /** Runs a command in the guest. */
    @FunctionalInterface
    public interface Guest {
        ExecResult run(List<String> command, byte[] stdin) throws DriverException, InterruptedException;
    }

    private GuestNames() {}

    /** Replaces them all. */
    public static void share(MachineId id, MachineSpec spec, Guest guest) throws DriverException, InterruptedException {
        byte[] lines = (GuestNetworks.hosts(id, spec) + "\n").getBytes(StandardCharsets.UTF_8);
        ExecResult result = guest.run(List.of("/usr/lib/provision/hosts"), lines);
        if (result.exitCode() != 0) {
            throw new DriverException(
                    id + ": the guest does not take the names of its networks: "
                            + UntrustedText.line(new String(result.stderr(), StandardCharsets.UTF_8).strip()),
                    "look at its /etc/hosts (`provision exec " + id.name()
                            + " -- ls -l /etc/hosts`), then apply again");
        }
    }
}

package dev.provision.schema.fleet;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.schema.units.ByteSize;

/**
 * One machine, everything resolved: no defaults left to apply, no variable left to replace.
 *
 * @param name
 *            unique in its fleet; an RFC 1123 label, so that it can be a host name
 * @param image
 *            name of a guest image
 * @param overlay
 *            size of the writable layer over the image; absent: the layer is in memory
 * @param storage
 *            size of the persistent disk, mounted at {@code /data}
 * @param shm
 *            size of {@code /dev/shm}
 * @param env
 *            environment of the command and of shells
 * @param command
 *            the machine's command and its arguments; empty: none
 * @param readyTimeout
 *            how long a boot may take until the machine reports ready
 * @param dependsOn
 *            names of machines of this fleet and what they must have reached first
 */
public record MachineSpec(String name, String image, CpuRange cpus, MemoryRange memory, Optional<ByteSize> overlay,
        Optional<ByteSize> storage, ByteSize shm, List<PortForward> ports, SortedMap<String, String> env,
        List<String> command, RestartPolicy restart, Duration readyTimeout, SortedMap<String, Condition> dependsOn) {

    public MachineSpec {
        ports = List.copyOf(ports);
        env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
        command = List.copyOf(command);
        dependsOn = Collections.unmodifiableSortedMap(new TreeMap<>(dependsOn));
    }

    /** The same machine under another name. */
    public MachineSpec named(String other) {
        return new MachineSpec(other, image, cpus, memory, overlay, storage, shm, ports, env, command, restart,
                readyTimeout, dependsOn);
    }

    /** The same machine with other dependencies. */
    public MachineSpec waitingFor(SortedMap<String, Condition> others) {
        return new MachineSpec(name, image, cpus, memory, overlay, storage, shm, ports, env, command, restart,
                readyTimeout, others);
    }

    /** A machine that runs its command to completion and then powers off. */
    public boolean isJob() {
        return restart == RestartPolicy.NEVER && !command.isEmpty();
    }
}

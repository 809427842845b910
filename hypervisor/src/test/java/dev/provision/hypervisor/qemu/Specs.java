package dev.provision.hypervisor.qemu;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

import dev.provision.schema.fleet.CpuRange;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.RestartPolicy;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

/** Specs for tests, each a small change of a plain service. */
public final class Specs {
    private Specs() {}

    public static MachineSpec service(String name) {
        return new MachineSpec(name, "builtin",
                new CpuRange(Cpus.of(1), Cpus.of(1), Cpus.of(2)),
                new MemoryRange(ByteSize.ofMib(160), ByteSize.ofMib(192), ByteSize.ofMib(256)),
                Optional.of(ByteSize.ofMib(64)), Optional.of(ByteSize.ofMib(64)), ByteSize.ofMib(32), List.of(),
                new TreeMap<>(), List.of(), RestartPolicy.ALWAYS, Duration.ofSeconds(60), new TreeMap<>());
    }

    public static MachineSpec job(String name, String... command) {
        MachineSpec spec = service(name);
        return new MachineSpec(name, spec.image(), spec.cpus(), spec.memory(), Optional.empty(), Optional.empty(),
                spec.shm(), List.of(), spec.env(), List.of(command), RestartPolicy.NEVER, spec.readyTimeout(),
                spec.dependsOn());
    }

    public static MachineSpec withPorts(MachineSpec spec, PortForward... ports) {
        return new MachineSpec(spec.name(), spec.image(), spec.cpus(), spec.memory(), spec.overlay(), spec.storage(),
                spec.shm(), List.of(ports), spec.env(), spec.command(), spec.restart(), spec.readyTimeout(),
                spec.dependsOn());
    }

    public static MachineSpec withDisks(MachineSpec spec, Optional<ByteSize> overlay, Optional<ByteSize> storage) {
        return new MachineSpec(spec.name(), spec.image(), spec.cpus(), spec.memory(), overlay, storage,
                spec.shm(), spec.ports(), spec.env(), spec.command(), spec.restart(), spec.readyTimeout(),
                spec.dependsOn());
    }

    public static MachineSpec withEnv(MachineSpec spec, String name, String value) {
        TreeMap<String, String> env = new TreeMap<>(spec.env());
        env.put(name, value);
        return new MachineSpec(spec.name(), spec.image(), spec.cpus(), spec.memory(), spec.overlay(), spec.storage(),
                spec.shm(), spec.ports(), env, spec.command(), spec.restart(), spec.readyTimeout(), spec.dependsOn());
    }

    public static MachineSpec withMemory(MachineSpec spec, MemoryRange memory) {
        return new MachineSpec(spec.name(), spec.image(), spec.cpus(), memory, spec.overlay(), spec.storage(),
                spec.shm(), spec.ports(), spec.env(), spec.command(), spec.restart(), spec.readyTimeout(),
                spec.dependsOn());
    }
}

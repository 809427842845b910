package dev.provision.hypervisor.qemu;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.provision.schema.fleet.CpuRange;
import dev.provision.schema.fleet.Disk;
import dev.provision.schema.fleet.FleetLink;
import dev.provision.schema.fleet.GpuModel;
import dev.provision.schema.fleet.GpuRequest;
import dev.provision.schema.fleet.HugePages;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.Network;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.Probe;
import dev.provision.schema.fleet.ReadyCheck;
import dev.provision.schema.fleet.Resources;
import dev.provision.schema.fleet.RestartPolicy;
import dev.provision.schema.fleet.Segment;
import dev.provision.schema.fleet.Volume;
import dev.provision.schema.fleet.Workload;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

/** Specs for tests, each a small change of a plain service. */
public final class Specs {
    private Specs() {}

    public static MachineSpec service(String name) {
        Resources resources = Resources
                .of(new CpuRange(Cpus.of(1), Cpus.of(1), Cpus.of(2)),
                        new MemoryRange(ByteSize.ofMib(160), ByteSize.ofMib(192), ByteSize.ofMib(256)),
                        ByteSize.ofMib(32))
                .withDisks(Optional.of(ByteSize.ofMib(64)), Optional.of(ByteSize.ofMib(64)), new TreeMap<>());
        return MachineSpec.of(name, "builtin", resources,
                new Workload(List.of(), RestartPolicy.ALWAYS, new TreeMap<>()),
                new ReadyCheck(new Probe.Agent(), Duration.ofSeconds(60)));
    }

    public static MachineSpec job(String name, String... command) {
        MachineSpec spec = service(name);
        return withDisks(spec, Optional.empty(), Optional.empty())
                .with(new Workload(List.of(command), RestartPolicy.NEVER, spec.workload().env()));
    }

    public static MachineSpec withPorts(MachineSpec spec, PortForward... ports) {
        return spec.with(spec.network().with(List.of(ports)));
    }

    /** On these networks, each with {@code web-0} and {@code web-1} on it. */
    public static MachineSpec withNetworks(MachineSpec spec, String... names) {
        List<FleetLink> links = new ArrayList<>();
        for (String name : names) {
            String start = "10.77." + links.size() + ".";
            links.add(new FleetLink(name, Optional.of(start + "5"), Optional.empty(), Optional.of(
                    new Segment(start + "0/24", new TreeMap<>(Map.of("web-0", start + "5", "web-1", start + "9"))))));
        }
        return spec.with(spec.network().on(links));
    }

    /** The same, the networks on these bridges of the host, in their order. */
    public static MachineSpec onBridges(MachineSpec spec, String... bridges) {
        List<FleetLink> links = new ArrayList<>(spec.network().fleetNetworks());
        for (int i = 0; i < bridges.length; i++) {
            FleetLink link = links.get(i);
            links.set(i, new FleetLink(link.network(), link.address(), Optional.of(bridges[i]), link.segment()));
        }
        return spec.with(spec.network().on(links));
    }

    public static MachineSpec withoutNetwork(MachineSpec spec) {
        return spec.with(new Network(false, List.of(), List.of()));
    }

    public static MachineSpec withDisks(MachineSpec spec, Optional<ByteSize> overlay, Optional<ByteSize> storage) {
        return spec.with(spec.resources().withDisks(overlay, storage, spec.resources().disks()));
    }

    /** One of this model; of the host's, unless it is emulated. */
    public static MachineSpec withGpu(MachineSpec spec, GpuModel model) {
        Resources r = spec.resources();
        return spec.with(new Resources(r.cpus(), r.placement(), r.memory(), r.swap(), r.overlay(), r.storage(),
                r.disks(), r.io(), r.shm(), Optional.of(new GpuRequest(Optional.of(model), 1, Optional.empty())),
                r.devices()));
    }

    public static MachineSpec withNamedDisks(MachineSpec spec, Map<String, Disk> disks) {
        return spec.with(spec.resources()
                .withDisks(spec.resources().overlay(), spec.resources().storage(), new TreeMap<>(disks)));
    }

    public static MachineSpec withProbe(MachineSpec spec, Probe probe, Duration timeout) {
        return spec.with(new ReadyCheck(probe, timeout));
    }

    public static MachineSpec withEnv(MachineSpec spec, String name, String value) {
        TreeMap<String, String> env = new TreeMap<>(spec.workload().env());
        env.put(name, value);
        return spec.with(spec.workload().with(env));
    }

    public static MachineSpec withVolumes(MachineSpec spec, Volume... volumes) {
        return new MachineSpec(spec.name(), spec.image(), spec.resources(), spec.network(), List.of(volumes),
                spec.workload(), spec.ready(), spec.dependsOn(), spec.lifecycle());
    }

    /** One vCPU of three, and 192 MiB of 1200, the others to be plugged in. */
    public static MachineSpec plugged(MachineSpec spec) {
        ByteSize limit = ByteSize.ofMib(192);
        return spec.with(spec.resources()
                .with(new CpuRange(Cpus.of(1), Cpus.of(1), Cpus.of(3), true))
                .with(new MemoryRange(limit, limit, ByteSize.ofMib(1200), Optional.empty(), Optional.of(true))));
    }

    /** 192 MiB of them. */
    public static MachineSpec inHugePages(MachineSpec spec, HugePages pages) {
        ByteSize limit = ByteSize.ofMib(192);
        return withMemory(spec, new MemoryRange(limit, limit, limit, Optional.empty(), Optional.empty(),
                Optional.of(pages), false));
    }

    public static MachineSpec withMemory(MachineSpec spec, MemoryRange memory) {
        return spec.with(spec.resources().with(memory));
    }
}

package dev.provision.provisioner.views;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Attachment;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.planner.host.DriverCapabilities.Limit;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.host.ListeningPort;
import dev.provision.planner.plan.Planner;
import dev.provision.planner.schedule.Estimates;
import dev.provision.schema.fleet.PortForward.Protocol;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.QuantityFormatException;

/** The host of a page of {@code plans/}: 8 CPUs, 16 GiB of which 12 are available, KVM; and what the page says otherwise. */
final class SituationHost {

    private SituationHost() {}

    /** From lines such as {@code memory 4GiB} and {@code listening 127.0.0.1 8080 nginx 713}. */
    static Planner.Host of(List<String> lines) {
        Map<String, String> said = new HashMap<>();
        List<ListeningPort> listening = new ArrayList<>();
        for (String line : lines) {
            List<String> words = List.of(line.split(" "));
            if (words.getFirst().equals("listening")) {
                listening.add(new ListeningPort(Protocol.TCP, words.get(1), Integer.parseInt(words.get(2)), Optional
                        .of(new ListeningPort.Holder(Long.parseLong(words.get(4)), words.get(3), Optional.empty()))));
            } else {
                said.put(words.get(0), words.get(1));
            }
        }
        Accelerator accelerator = accelerator(said.getOrDefault("accelerator", "kvm"));
        HostCapacity capacity = new HostCapacity(Integer.parseInt(said.getOrDefault("cpus", "8")),
                size(said.getOrDefault("memory", "16GiB")), size(said.getOrDefault("available", "12GiB")),
                size(said.getOrDefault("disk", "100GiB")), 64, ByteSize.ofGib(512)).with(listening);
        return new Planner.Host(capacity, new AcceleratorChoice(accelerator, "it runs guest code"), Set.of("debian"),
                Set.of("builtin"), Estimates.ASSUMED, driver(accelerator),
                Map.of("builtin", said.getOrDefault("image", "sha256:1"), "debian", "sha256:1"));
    }

    private static DriverDeclaration driver(Accelerator present) {
        return new DriverDeclaration(microvm(present),
                List.of(microvm(Accelerator.KVM), microvm(Accelerator.TCG)));
    }

    private static DriverCapabilities microvm(Accelerator accelerator) {
        return new DriverCapabilities("microvm", accelerator,
                Set.of(LiveChange.SWITCH_VCPUS, LiveChange.BALLOON, LiveChange.PORTS, LiveChange.SHM,
                        LiveChange.GROW_DISKS),
                Set.of(Limit.IO), "no control group can be made here", Set.of(),
                Map.of(Attachment.VOLUMES,
                        new Lack("virtiofsd serves volumes as root only", "run provision as root")),
                16);
    }

    static Accelerator accelerator(String name) {
        return Accelerator.valueOf(name.toUpperCase(Locale.ROOT));
    }

    static ByteSize size(String text) {
        try {
            return ByteSize.parse(text, ByteSize.BareUnit.MIB);
        } catch (QuantityFormatException e) {
            throw new IllegalArgumentException(e);
        }
    }
}

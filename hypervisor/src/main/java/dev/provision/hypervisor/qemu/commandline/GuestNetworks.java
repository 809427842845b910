package dev.provision.hypervisor.qemu.commandline;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.provision.hypervisor.MachineId;
import dev.provision.schema.fleet.FleetLink;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Segment;

/** What a guest is told of the networks of its fleet (docs/guest-contract.md). */
public final class GuestNetworks {

    private GuestNetworks() {}

    /** MAC and address with prefix of each place, all separated by blanks: {@code 52:… 10.77.0.10/24 52:… 10.78.0.3/20}. */
    static String devices(MachineId id, MachineSpec spec) {
        return spec.network()
                .fleetNetworks()
                .stream()
                .flatMap(link -> link.cidr().map(cidr -> id.mac(link.network()) + " " + cidr).stream())
                .collect(Collectors.joining(" "));
    }

    /**
     * Lines of {@code /etc/hosts}, without a break at the end: each machine of the networks as {@code NAME.NETWORK}; on the
     * first network that both are on also as {@code NAME} and {@code NAME.FLEET}. The guest gives its own name itself.
     */
    public static String hosts(MachineId id, MachineSpec spec) {
        Set<String> known = new HashSet<>();
        StringBuilder lines = new StringBuilder();
        for (FleetLink link : spec.network().fleetNetworks()) {
            link.segment().map(Segment::members).orElseGet(TreeMap::new).forEach((name, address) -> {
                SequencedSet<String> names = new LinkedHashSet<>(List.of(name + "." + link.network()));
                if (known.add(name)) {
                    names.add(name + "." + id.fleet());
                    if (!name.equals(id.name())) {
                        names.addFirst(name);
                    }
                }
                lines.append(address).append(' ').append(String.join(" ", names)).append('\n');
            });
        }
        return lines.toString().stripTrailing();
    }
}

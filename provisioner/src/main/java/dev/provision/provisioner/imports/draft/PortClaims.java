package dev.provision.provisioner.imports.draft;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.PortForward.Protocol;

/** Takes ports away that are wanted twice: other systems find that out when they start machines, a manifest is wrong. */
public final class PortClaims {

    private static final String EVERYWHERE = "0.0.0.0";
    private static final String SHARED = "several machines of one kind cannot share a port of the host";

    private record HostPort(int port, Protocol protocol) {}

    private record Claim(MachineDraft machine, String address) {

        boolean collidesWith(String other) {
            return address.equals(other) || address.equals(EVERYWHERE) || other.equals(EVERYWHERE);
        }
    }

    private PortClaims() {}

    /** To be called once all machines are known; the first that wants a port keeps it. */
    public static void settle(List<MachineDraft> machines) {
        Map<HostPort, List<Claim>> claims = new HashMap<>();
        for (MachineDraft machine : machines.stream().filter(draft -> !Replicas.areNone(draft)).toList()) {
            for (PortForward port : machine.ports()) {
                List<Claim> others = claims.computeIfAbsent(new HostPort(port.hostPort(), port.protocol()),
                        key -> new ArrayList<>());
                Optional<Claim> taken = others.stream()
                        .filter(claim -> claim.collidesWith(port.hostAddress()))
                        .findFirst();
                if (Replicas.areSeveral(machine)) {
                    lost(machine, port.toString(), SHARED);
                } else if (taken.isPresent()) {
                    machine.removePort(port);
                    lost(machine, port.toString(), "`" + taken.get().machine().name() + "` has taken it");
                } else {
                    others.add(new Claim(machine, port.hostAddress()));
                }
            }
            if (Replicas.areSeveral(machine)) {
                machine.portTemplates().forEach(port -> lost(machine, port.text(), SHARED));
                machine.removePorts();
            }
        }
    }

    private static void lost(MachineDraft machine, String port, String why) {
        machine.remarks().lost(machine.span(), "the port " + Remarks.quoted(port), why);
    }
}

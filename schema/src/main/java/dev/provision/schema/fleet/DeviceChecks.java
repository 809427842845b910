package dev.provision.schema.fleet;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.fleet.DeviceSelector.PciAddress;

/** Checks that no device of the host is given to two machines: one is known to be one only where its address is written. */
final class DeviceChecks {

    private record Claim(FleetMachine machine, Span place) {}

    private final Problems problems;
    private final Map<PciAddress, Claim> claims = new HashMap<>();

    DeviceChecks(Problems problems) {
        this.problems = problems;
    }

    void check(Collection<FleetMachine> machines) {
        for (FleetMachine machine : machines) {
            List<DeviceRequest> requests = machine.spec().resources().devices();
            for (int i = 0; i < requests.size(); i++) {
                if (requests.get(i).device() instanceof PciAddress address) {
                    claim(address,
                            new Claim(machine, machine.origin().at("resources", "devices", "[" + i + "]")));
                }
            }
        }
    }

    private void claim(PciAddress address, Claim claim) {
        Claim other = claims.putIfAbsent(address, claim);
        if (other == null) {
            return;
        }
        String entry = claim.machine().entry();
        boolean same = entry.equals(other.machine().entry());
        boolean replicas = same && !claim.machine().equals(other.machine());
        String takers = replicas ? "to every machine of `" + entry + "`"
                : same ? "twice to `" + entry + "`" : "to both `" + other.machine().entry() + "` and `" + entry + "`";
        Diagnostic problem = Diagnostic
                .error(Code.CONFLICTING_KEYS, claim.place(), "the device at " + address + " is given " + takers)
                .why("a device is in one machine at a time")
                .fix(replicas ? "give each machine its own entry, or ask by vendor and device"
                        : "take another device for one of them");
        problems.add(claim.place().equals(other.place()) ? problem
                : problem.related(other.place(), "`" + other.machine().entry() + "` takes it here"));
    }
}

package dev.provision.planner.capacity;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.provision.planner.Specs;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Attachment;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.planner.plan.Addressing;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Networks on bridges where a host has none to give. */
class BridgeCheckTest {

    private static final Fleet FLEET = Addressing.of(
            Specs.fleet("networks: {lab: {subnet: 10.77.0.0/24, bridge: br-lab}, any: }\n"
                    + "machines: {a: {networks: [any, lab]}, b: {networks: [any]}}"),
            Specs.observed());

    private static List<String> support(DriverCapabilities driver) {
        Problems problems = new Problems();
        FLEET.machines().values().forEach(machine -> EngineSupport.check(machine, driver, problems));
        return problems.sorted()
                .stream()
                .map(problem -> problem.code() + " " + problem.span().orElseThrow().column() + " " + problem.what()
                        + ": "
                        + problem.why() + "; " + problem.fix())
                .toList();
    }

    @Test
    void whatTheHostLacksIsSaidOfMachinesOnBridgesOnly() {
        var driver = new DriverCapabilities("microvm", Accelerator.KVM, Set.of(), Set.of(), "",
                Set.of(Attachment.FLEET_NETWORKS), Map.of(Attachment.BRIDGES, new Lack("it is not root", "be root")),
                16);
        assertEquals(List.of("NOT_SUPPORTED 32 `a` asks for a network on a bridge (lab), which this host cannot give a "
                + "machine: it is not root; be root"), support(driver));
    }

    @Test
    void whereTheHostLacksNothingNothingIsSaid() {
        assertEquals(List.of(), support(Specs.capabilities("microvm", Accelerator.KVM)));
    }
}

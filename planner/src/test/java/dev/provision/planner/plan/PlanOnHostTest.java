package dev.provision.planner.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.host.ListeningPort;
import dev.provision.planner.host.ListeningPort.Holder;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.schedule.Estimates;
import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.PortForward.Protocol;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A plan that was made before meets the host as it is now. */
class PlanOnHostTest {

    private static final ObservedFleet NOTHING = new ObservedFleet("shop", new TreeMap<>(), new TreeMap<>());

    private static final String FIXED = """
            version: 1
            fleet: shop
            host: { pool: { cpus: 8, memory: 8GiB } }
            machines:
              web: { ports: ["127.0.0.1:8080:80"], resources: { memory: 4GiB, storage: 50GiB } }
            """;

    private static HostCapacity capacity(long memoryGib, long diskGib) {
        return new HostCapacity(8, ByteSize.ofGib(16), ByteSize.ofGib(memoryGib), ByteSize.ofGib(diskGib), 288,
                ByteSize.ofGib(1024));
    }

    private static Planner.Host host(HostCapacity capacity) {
        return new Planner.Host(capacity, new AcceleratorChoice(Accelerator.KVM, "it works"), Set.of("builtin"),
                Set.of("builtin"), Estimates.ASSUMED,
                new DriverDeclaration(new DriverCapabilities("microvm", Accelerator.KVM, Set.of(LiveChange.values()),
                        Set.of(), "no control group can be made here", Set.of(), 16), List.of()),
                Map.of());
    }

    private static Plan plan(String text, HostCapacity capacity) {
        Problems problems = new Problems();
        Fleet fleet = ManifestReader.read(new SourceText("machines.yaml", text), problems)
                .orElseThrow(() -> new AssertionError(problems.sorted()));
        return Planner.converge(fleet, NOTHING, host(capacity));
    }

    private static List<Code> codes(Plan plan) {
        return plan.problems().stream().map(Diagnostic::code).toList();
    }

    @Test
    void theSameHostSaysTheSame() {
        Plan plan = plan(FIXED, capacity(12, 100));
        assertEquals(List.of(), plan.problems());
        assertEquals(plan, plan.on(NOTHING, host(capacity(12, 100))));
    }

    @Test
    void aPortThatIsTakenByNowRefuses() {
        HostCapacity taken = capacity(12, 100).with(List.of(
                new ListeningPort(Protocol.TCP, "0.0.0.0", 8080,
                        Optional.of(new Holder(7, "nginx", Optional.empty())))));
        Plan now = plan(FIXED, capacity(12, 100)).on(NOTHING, host(taken));
        assertEquals(List.of(Code.HOST_PORT_TAKEN), codes(now));
        assertTrue(now.isRefused());
        assertTrue(now.problems().getFirst().what().contains("nginx"), now.problems().toString());
    }

    @Test
    void spaceAndMemoryThatAreGoneAreWarnedOf() {
        Plan now = plan(FIXED, capacity(12, 100)).on(NOTHING, host(capacity(3, 20)));
        assertEquals(Set.of(Code.HOST_MEMORY_SHORT, Code.DISK_EXCEEDS_HOST), Set.copyOf(codes(now)));
        assertFalse(now.isRefused());
    }

    @Test
    void whatWasShortAndIsNotAnyMoreIsNotRepeated() {
        Plan then = plan(FIXED, capacity(3, 20));
        assertEquals(2, then.problems().size(), then.problems().toString());
        assertEquals(2, then.on(NOTHING, host(capacity(3, 20))).problems().size());
        assertEquals(List.of(), then.on(NOTHING, host(capacity(12, 100))).problems());
    }

    @Test
    void anAutomaticPoolShrinksWithTheMemory() {
        Plan then = plan(FIXED.replaceFirst("host: .*\n", ""), capacity(12, 100));
        assertFalse(then.isRefused(), then.problems().toString());
        Plan now = then.on(NOTHING, host(capacity(2, 100)));
        assertEquals(List.of(Code.FLEET_EXCEEDS_POOL), codes(now));
        assertTrue(now.isRefused());
    }
}

package dev.provision.planner.host;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.planner.Specs;
import dev.provision.planner.plan.Planner;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Severity;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VmmOverheadTest {

    /** Measured: proportional set size and page tables of VMMs under TCG, less what their guests had touched, in MiB. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"memory: 160MiB | 84", "memory: 512MiB | 84", "memory: 2GiB | 84",
        "memory: {limit: 256MiB, max: 2GiB} | 88", "'memory: 256MiB, cpus: {limit: 2, max: 8}' | 92",
        "'memory: 256MiB, storage: 1' | 94", "'memory: 160MiB, cpus: {limit: 1, hotplug: true}' | 90",
        "memory: {limit: 256MiB, max: 2GiB, hotplug: true} | 90",
        "'memory: 256MiB, cpus: {limit: 2, max: 8, hotplug: true}' | 95",
        "'memory: 256MiB, cpus: {limit: 1, hotplug: true}, storage: 1, disks: {a: 1}' | 107",
        "'memory: 256MiB, overlay: 1, storage: 1, disks: {a: 1, b: 1, c: 1, d: 1, e: 1, f: 1}' | 133"})
    void isNotLessThanMeasuredAndNotMuchMore(String resources, long measured) {
        long model = VmmOverhead.under(Accelerator.TCG).of(Specs.machine("resources: {" + resources + "}")).mib();
        assertTrue(model >= measured && model <= measured + 30, model + " MiB");
    }

    @Test
    void growsWithWhatTheGuestCanHaveAtMost() {
        VmmOverhead kvm = VmmOverhead.under(Accelerator.KVM);
        MachineSpec small = Specs.machine("resources: {memory: 1GiB}");
        MachineSpec large = Specs.machine("resources: {memory: {limit: 1GiB, max: 5GiB}}");
        assertEquals(ByteSize.ofMib(40 + 1 + 4), kvm.of(small));
        assertEquals(ByteSize.ofMib(40 + 1 + 20), kvm.of(large), "4 KiB in 16 bytes of two tables");
        MachineSpec sharing = Specs.machine("resources: {memory: 1GiB}, volumes: ['/a:/a', '/b:/b:ro']");
        assertEquals(ByteSize.ofMib(40 + 1 + 4 + 2 * 2), kvm.of(sharing));
        assertEquals(ByteSize.ZERO, VmmOverhead.NONE.of(large));
        assertEquals(ByteSize.ZERO, VmmOverhead.NONE.of(sharing));
    }

    @Test
    void whatAFixedPoolPromisesIsHeldAgainstTheHost() {
        String pool = "host: {pool: {cpus: 8, memory: 64GiB}}\n";
        assertEquals(List.of(),
                memoryProblems(pool + "machines: {a: {count: 27, resources: {cpus: 0.1, memory: 512MiB}}}"));
        String tight = "machines: {a: {count: 32, resources: {cpus: 0.1, memory: 512MiB}}}";
        Diagnostic problem = memoryProblems(pool + tight).getFirst();
        assertEquals(Severity.WARNING, problem.severity());
        assertEquals("the services request 16384 MiB and their VMMs take about 1376 MiB more, but this host can give"
                + " 15360 MiB", problem.what());
        assertEquals(List.of(), memoryProblems(tight), "an automatic pool counts them by itself");
    }

    private static List<Diagnostic> memoryProblems(String text) {
        ByteSize total = ByteSize.ofGib(16);
        HostCapacity capacity = new HostCapacity(8, total, ByteSize.ofGib(15), ByteSize.ofGib(99), 64, total);
        Planner.Host host = new Planner.Host(capacity, Specs.KVM, Specs.host(8, 16).images(),
                Specs.host(8, 16).buildable(), Specs.host(8, 16).estimates(), Specs.DRIVER,
                Specs.host(8, 16).imageDigests());
        return Planner.converge(Specs.fleet(text), Specs.observed(), host)
                .problems()
                .stream()
                .filter(problem -> problem.code() == Code.HOST_MEMORY_SHORT)
                .toList();
    }
}

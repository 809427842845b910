package dev.provision.planner.capacity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.planner.Specs;
import dev.provision.planner.capacity.Headroom.Bound;
import dev.provision.planner.capacity.Headroom.Fit;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Attachment;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.host.ListeningPort;
import dev.provision.planner.host.VmmOverhead;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward.Protocol;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How many more fit on a host of 8 CPUs, 16 GiB of memory and 100 GiB of disk under KVM. */
class HeadroomTest {

    private static final HostCapacity HOST = Specs.host(8, 16, 100).capacity();

    private static Fit fit(String fleet, String size, HostCapacity host) {
        Fleet wanted = Specs.fleet(fleet);
        ResourcePool pool = ResourcePool.of(wanted.policy(), host, Specs.observed(), Accelerator.KVM);
        return new Headroom(Claim.of(wanted), wanted.policy(), Specs.observed(), host, Specs.DRIVER, pool)
                .fit("size", Specs.machine(size));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{} | resources: {memory: 512MiB} | 16 | CPUS",
        "{} | 'resources: {cpus: 0.1, memory: 1GiB}' | 13 | MEMORY",
        "{a: {resources: {cpus: 4}}} | resources: {memory: 512MiB} | 12 | CPUS",
        "{a: {resources: {cpus: 4}, run: {command: [x], restart: never}}} | resources: {memory: 512MiB} | 12 | CPUS",
        "{} | resources: {storage: 30} | 3 | DISK",
        "{a: {resources: {overlay: 41}}} | resources: {storage: 30} | 1 | DISK",
        "{} | ports: ['80:80'] | 1 | PORTS", "{a: {ports: ['80:80']}} | ports: ['0.0.0.0:80:80'] | 0 | PORTS",
        "{} | resources: {cpus: 9} | 0 | MACHINE", "{} | resources: {gpu: true} | 0 | MACHINE"})
    void theFirstThatIsShortBinds(String machines, String size, long more, Bound bound) {
        Fit fit = fit("machines: " + machines, size, HOST);
        assertEquals(more, fit.more());
        assertEquals(bound, fit.bound());
        assertEquals(bound == Bound.MACHINE, !fit.why().isEmpty(), fit.why());
    }

    @Test
    void jobsMayTakeWhatTheLargestJobTakes() {
        String fleet = "machines: {j: {resources: {cpus: 8}, run: {command: [x], restart: never}}}";
        assertEquals(8, fit(fleet, "", HOST).more());
        assertEquals(16, fit(fleet, "run: {command: [x], restart: never}", HOST).more(), "they queue with it");
    }

    @Test
    void aFixedPoolEndsWhereTheHostDoes() {
        Fit fit = fit("host: {pool: {cpus: 64, memory: 64GiB}}\nmachines: {}", "resources: {cpus: 1, memory: 1GiB}",
                HOST);
        assertEquals(Bound.HOST_MEMORY, fit.bound());
        assertEquals(16 * 1024 / (1024 + 45), fit.more());
        assertEquals(64, fit.limits().get(Bound.MEMORY));
    }

    @Test
    void aPortThatSomebodyHoldsAndDisksThatAreNotFullCount() {
        HostCapacity busy = HOST.with(List.of(new ListeningPort(Protocol.TCP, "::", 80, Optional.empty())))
                .withPromised(ByteSize.ofGib(50));
        assertEquals(0, fit("machines: {}", "ports: ['80:80']", busy).more());
        assertEquals(1, fit("machines: {}", "resources: {storage: 30}", busy).more());
    }

    private static Fit fitOfDevices(String fleet, String size) {
        DriverDeclaration able = new DriverDeclaration(new DriverCapabilities("q35", Accelerator.KVM, Set.of(),
                Set.of(), "", Set.of(Attachment.values()), 16), List.of());
        HostCapacity three = HOST.with(DeviceAssignmentTest.inventory("01 10de:1eb8 T4", "02 10de:1eb8 T4",
                "03 10de:1eb8 T4", "04 10de:1eb8 T4").held(Map.of(new DeviceAddress("0000:04:00.0"), "prod/db")));
        Fleet wanted = Specs.fleet(fleet);
        ResourcePool pool = ResourcePool.of(wanted.policy(), three, Specs.observed(), Accelerator.KVM);
        return new Headroom(Claim.of(wanted), wanted.policy(), Specs.observed(), three, able, pool)
                .fit("size", Specs.machine(size));
    }

    @Test
    void devicesThatMachinesHaveOrWillHaveAreNotLeft() {
        Fit fit = fitOfDevices("machines: {}", "resources: {gpu: T4}");
        assertEquals(3, fit.more());
        assertEquals(Bound.DEVICES, fit.bound());
        assertEquals(2, fitOfDevices("machines: {a: {resources: {gpu: 1}}}", "resources: {gpu: T4}").more());
        assertEquals(1, fitOfDevices("machines: {}", "resources: {gpu: 'T4:2'}").more());
        assertEquals(1, fitOfDevices("machines: {}", "resources: {devices: [{pci: '01:00.0'}]}").more());
        assertFalse(fitOfDevices("machines: {}", "").limits().containsKey(Bound.DEVICES));
    }

    @Test
    void allOfTheMemoryThatIsPinnedIsTheHosts() {
        Fit fit = fitOfDevices("host: {pool: {cpus: 64, memory: 640GiB}}\nmachines: {}",
                "resources: {cpus: 0.1, gpu: T4, memory: {limit: 1GiB, max: 8GiB}}");
        assertEquals(16 * 1024 / (8 * 1024 + 45), fit.limits().get(Bound.HOST_MEMORY));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void asManyFitAsItSaysAndNotOneMore(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            String fleet = "machines: {a: {count: %d, resources: {cpus: %dm, memory: %dMiB}}}".formatted(
                    random.nextInt(4), 1 + random.nextInt(3000), 128 + random.nextInt(3000));
            MachineSpec size = Specs.machine("resources: {cpus: %dm, memory: %dMiB}"
                    .formatted(50 + random.nextInt(4000), 128 + random.nextInt(4000)));
            ResourcePool pool = new ResourcePool(new Share(Cpus.of(16), ByteSize.ofGib(14)), 4, "auto",
                    VmmOverhead.under(Accelerator.KVM), Optional.empty());
            Fleet wanted = Specs.fleet(fleet);
            Fit fit = new Headroom(Claim.of(wanted), wanted.policy(), Specs.observed(), HOST, Specs.DRIVER,
                    pool)
                    .fit("size", size);
            assertTrue(fits(wanted, size, fit.more(), pool), fleet);
            assertFalse(fits(wanted, size, fit.more() + 1, pool), fleet);
        }
    }

    private static boolean fits(Fleet fleet, MachineSpec size, long more, ResourcePool pool) {
        List<Claim> claims = new ArrayList<>(Claim.of(fleet));
        for (int i = 0; i < more; i++) {
            claims.add(new Claim(size.named("more-" + i), Optional.empty()));
        }
        Problems problems = new Problems();
        CapacityCheck.run(claims, fleet.policy(), Specs.observed(), HOST, Accelerator.KVM, pool, problems);
        return !problems.hasErrors();
    }
}

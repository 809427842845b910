package dev.provision.planner.capacity;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.provision.planner.Specs;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.host.HugePagePools;
import dev.provision.planner.host.HugePagePools.Pool;
import dev.provision.planner.host.VmmOverhead;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** On a host with 1000 pages of 2 MiB, 300 of them free, and none of 1 GiB. */
class HugePagesCheckTest {

    private static final ByteSize MIB_2 = ByteSize.ofMib(2);
    private static final HugePagePools POOLS = new HugePagePools(Optional.of(MIB_2),
            List.of(new Pool(MIB_2, 1000, 300), new Pool(ByteSize.ofGib(1), 0, 0)));

    private static MachineSpec machine(int mib, String pages) {
        return Specs.machine("resources: {memory: {limit: " + mib + "MiB, hugepages: " + pages + "}}");
    }

    private static ObservedFleet running(MachineSpec spec) {
        return Specs.observed(Specs.observed(spec, Specs.running(spec)));
    }

    private static List<String> check(String machines, Set<String> left, ObservedFleet observed, HugePagePools pools) {
        Problems problems = new Problems();
        Fleet fleet = Specs.fleet("machines: {" + machines + "}");
        HugePagesCheck.run(new HugePageDemand(Claim.of(fleet), left, observed, pools), problems);
        assertTrue(problems.sorted().stream().allMatch(problem -> problem.code() == Code.HUGE_PAGES_SHORT));
        return problems.sorted().stream().map(problem -> problem.what() + "; " + problem.fix()).toList();
    }

    private static List<String> check(String machines) {
        return check(machines, Set.of(), Specs.observed(), POOLS);
    }

    @Test
    void theLastFreePageCanBeTaken() {
        assertEquals(List.of(), check("a: {resources: {memory: {limit: 600MiB, hugepages: true}}}"));
        assertEquals(List.of(), check("a: {resources: {memory: 32GiB}}"));
        String one = "the machines that start need 301 huge pages of 2 MiB, and this host has 300 free of 1000: 1 are "
                + "missing; have an administrator set them aside (`sysctl vm.nr_hugepages=1001`; memory that is in "
                + "pieces gives fewer), stop other machines, or remove `hugepages`";
        assertEquals(List.of(one), check("a: {resources: {memory: {limit: 602MiB, hugepages: 2MiB}}}"));
        assertEquals(1, check("a: {count: 4, resources: {memory: {limit: 152MiB, hugepages: 2MiB}}}").size());
        assertEquals(List.of(), check("a: {count: 4, resources: {memory: {limit: 150MiB, hugepages: 2MiB}}}"));
    }

    @Test
    void anotherSizeThanTheDefaultIsSetAsideByItsOwnFile() {
        String problem = check("a: {resources: {memory: {limit: 2GiB, hugepages: 1GiB}}}").getFirst();
        assertTrue(problem.contains("need 2 huge pages of 1 GiB, and this host has 0 free of 0: 2 are missing"),
                problem);
        assertTrue(problem.contains("`echo 2 > /sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages`"), problem);
    }

    @Test
    void whatTheHostDoesNotKnowIsRefused() {
        HugePagePools gigantic = new HugePagePools(Optional.of(ByteSize.ofGib(1)),
                List.of(new Pool(ByteSize.ofGib(1), 8, 8)));
        assertEquals(
                List.of("`a` asks for huge pages (2MiB), of a size that this host does not have; ask for one of these"
                        + " sizes"),
                check("a: {resources: {memory: {limit: 1GiB, hugepages: 2MiB}}}", Set.of(),
                        Specs.observed(), gigantic));
        assertEquals(List.of("huge pages of this host's default size, 1 GiB, cannot make up the 512 MiB of `a`; set the"
                + " limit to a multiple of 1GiB, or name a smaller size"),
                check("a: {resources: {memory: {limit: 512MiB, hugepages: true}}}", Set.of(), Specs.observed(),
                        gigantic));
        assertEquals(List.of(), check("a: {resources: {memory: {limit: 512MiB, hugepages: true}}}", Set.of(),
                Specs.observed(), HugePagePools.NONE), "the driver says that");
    }

    @Test
    void aMachineThatRestartsHasItsOwnPagesAgain() {
        String larger = "a: {resources: {memory: {limit: 1600MiB, hugepages: true}}}";
        assertEquals(1, check(larger).size());
        assertEquals(List.of(), check(larger, Set.of(), running(machine(1000, "2MiB")), POOLS));
        assertEquals(1, check(larger, Set.of(), running(machine(998, "2MiB")), POOLS).size());
        MachineSpec ended = machine(1000, "true");
        assertEquals(1, check(larger, Set.of(), Specs.observed(Specs.observed(ended, new MachineState.Stopped())),
                POOLS).size());
        assertEquals(List.of(), check(larger, Set.of("a"), Specs.observed(), POOLS), "what stays has its pages");
    }

    @Test
    void thoseOfMachinesThatGoAreFreeForAll() {
        String other = "b: {resources: {memory: {limit: 800MiB, hugepages: true}}}";
        assertEquals(List.of(), check(other, Set.of(), running(machine(200, "true")), POOLS));
        assertEquals(1, check(other, Set.of("a"), running(machine(200, "true")), POOLS).size(), "it does not go");
        String both = other + ", a: {resources: {memory: {limit: 128MiB, hugepages: true}}}";
        assertEquals(1, check(both, Set.of(), running(machine(400, "true")), POOLS).size(),
                "what a smaller one leaves may come later");
    }

    @Test
    void guestsInHugePagesTakeNoAvailableMemory() {
        MachineSpec paged = machine(2048, "true");
        MachineSpec plain = Specs.machine("resources: {memory: 2GiB}");
        HostCapacity host = Specs.host(8, 16).capacity();
        Fleet automatic = Specs.fleet("machines: {}");
        ResourcePool pool = ResourcePool.of(automatic.policy(), host, Specs.observed(), Accelerator.KVM);
        assertEquals(ByteSize.ofMib(42), pool.shareOf(paged).memory(), "the VMM alone, and nearly no tables");
        assertEquals(ByteSize.ofMib(2048 + 49), pool.shareOf(plain).memory());
        Fleet fixed = Specs.fleet("host: {pool: {cpus: 4, memory: 4GiB}}\nmachines: {}");
        assertEquals(ByteSize.ofGib(2), ResourcePool.of(fixed.policy(), host, Specs.observed(), Accelerator.KVM)
                .shareOf(paged)
                .memory(), "a budget is the same everywhere");
        VmmOverhead overhead = VmmOverhead.under(Accelerator.KVM);
        HostCapacity busy = new HostCapacity(8, ByteSize.ofGib(16), ByteSize.ofGib(4), ByteSize.ofGib(99), 64,
                ByteSize.ofGib(64));
        assertEquals(ByteSize.ofMib(4096 + 42), ResourcePool.reachable(busy, running(paged), overhead));
        assertEquals(ByteSize.ofMib(4096 + 2048 + 49), ResourcePool.reachable(busy, running(plain), overhead));
    }

    /** The pool and the host count what the guest may have, not what it is asked to make do with. */
    @Test
    void guestsThatTakeBackCountWithAllTheyCanHave() {
        String memory = "resources: {memory: {request: 256MiB, limit: 512MiB, max: 1GiB, deflateOnOom: %s}}";
        assertEquals(ByteSize.ofGib(1), Share.of(Specs.machine(memory.formatted(true))).memory());
        assertEquals(ByteSize.ofMib(256), Share.of(Specs.machine(memory.formatted(false))).memory());
        assertEquals(ByteSize.ofMib(256), Share.of(Specs.machine(memory.formatted("true, hotplug: true"))).memory(),
                "what is plugged in comes only when it is asked for");
    }
}

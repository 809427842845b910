package dev.provision.planner.capacity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.planner.Specs;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.host.VmmOverhead;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.CpuRange;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.Resources;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a refusal for want of pool says, and that each of its remedies is one: it mends, and a smaller one would not. */
class PoolCheckTest {

    private static final HostCapacity HOST = Specs.host(64, 1024).capacity();

    private static ResourcePool fixed(double cpus, long mib) {
        return new ResourcePool(new Share(new Cpus((int) (cpus * 1000)), ByteSize.ofMib(mib)), 4, "fixed");
    }

    private static List<Diagnostic> check(String machines, ResourcePool pool) {
        Problems problems = new Problems();
        PoolCheck.run(Claim.of(Specs.fleet(machines)), pool, HOST, problems);
        return problems.sorted();
    }

    @Test
    void aRefusalNamesEveryEntryTheShortfallAndTheSmallestChanges() {
        Diagnostic problem = check("""
                machines:
                  db: {resources: {memory: 1GiB}}
                  web: {count: 12, resources: {cpus: 0.25, memory: 256MiB}}
                """, fixed(4, 3328)).getFirst();
        assertEquals(
                "the fleet's services need 4096 MiB memory, 4 CPUs; the resource pool holds 3328 MiB memory, 4 CPUs"
                        + " (fixed)",
                problem.what());
        assertEquals("short by 768 MiB memory; largest: `web` (3072 MiB memory, 3 CPUs), `db` (1024 MiB memory, 1 CPU)",
                problem.why());
        assertEquals("lower `count` of `web` from 12 to 9; or lower the memory request of `web` by 64 MiB to 192 MiB;"
                + " or take a pool of at least --cpus 4 --mem 4GiB", problem.fix());
        assertEquals(List.of("m.yaml:4:3 `db`: 1024 MiB memory, 1 CPU",
                "m.yaml:5:3 `web`, 12 machines: 256 MiB memory, 0.25 CPUs each"),
                problem.related().stream().map(place -> place.span() + " " + place.role()).toList());
    }

    @Test
    void aRefusalWithoutEntryThatSufficesAloneNamesTheFewestMachines() {
        StringBuilder machines = new StringBuilder("machines:\n");
        for (int i = 0; i < 8; i++) {
            machines.append("  m%d: {resources: {cpus: 0.1, memory: %dMiB}}\n".formatted(i, 256 + i));
        }
        Diagnostic problem = check(machines.toString(), fixed(4, 1024)).getFirst();
        assertTrue(problem.fix().startsWith("leave out at least 5 machines, such as m7, m6, m5, m4, m3; or take"),
                problem.fix());
        assertEquals(8, problem.related().size());
    }

    @Test
    void bothResourcesCanBeShort() {
        Diagnostic problem = check("machines: {a: {resources: {cpus: 4, memory: 2GiB}}}", fixed(3, 1536)).getFirst();
        assertTrue(problem.why().startsWith("short by 512 MiB memory, 1 CPU;"), problem.why());
        assertEquals("lower the memory request of `a` by 512 MiB to 1536 MiB and its CPU request by 1 to 3;"
                + " or take a pool of at least --cpus 4 --mem 2GiB", problem.fix());
    }

    @Test
    void aPoolThatTheHostCouldNotFillIsNoRemedy() {
        Diagnostic problem = check(
                "machines: {a: {count: 2, resources: {memory: 600GiB}}, b: {resources: {memory: 1000GiB}}}",
                fixed(9, 100)).getFirst();
        assertFalse(problem.fix().contains("take a pool"), problem.fix());
        assertEquals("leave out at least 3 machines, such as b, a-0, a-1", problem.fix());
    }

    @Test
    void whatRunsOnBesideTheManifestIsNamedWithoutAPlace() {
        MachineSpec old = Specs.machine("resources: {memory: 1GiB}").named("old");
        Problems problems = new Problems();
        PoolCheck.run(List.of(new Claim(old, Optional.empty())), fixed(1, 512), HOST, problems);
        Diagnostic problem = problems.sorted().getFirst();
        assertTrue(problem.why().endsWith("; running on beside them: `old`: 1024 MiB memory, 1 CPU"), problem.why());
        assertEquals(List.of(), problem.related());
    }

    @Test
    void jobsThatThePoolMustHoldBesideServicesAreNamed() {
        Diagnostic problem = check("""
                machines:
                  s: {resources: {memory: 640MiB}}
                  i: {resources: {memory: 256MiB}, run: {command: [x], restart: never}}
                  j: {count: 3, resources: {memory: 2GiB}, run: {command: [x], restart: never}}
                """, fixed(2, 512)).stream()
                .filter(found -> found.what().contains("services"))
                .findFirst()
                .orElseThrow();
        assertEquals("short by 128 MiB memory; largest: `s` (640 MiB memory, 1 CPU); each job must fit beside them, the"
                + " largest: `j` (2048 MiB memory, 1 CPU), `i` (256 MiB memory, 1 CPU)", problem.why());
        assertEquals("take a pool of at least --cpus 2 --mem 2688MiB", problem.fix());
    }

    /** Mended by what the services' refusal says, it would be refused next. */
    @Test
    void aJobThatIsLargerThanThePoolIsToldOfBesideTheServices() {
        List<Diagnostic> problems = check("""
                machines:
                  s: {resources: {memory: 1GiB}}
                  i: {resources: {memory: 256MiB}, run: {command: [x], restart: never}}
                  j: {resources: {memory: 2GiB}, run: {command: [x], restart: never}}
                """, fixed(2, 512));
        assertEquals(2, problems.size(), problems::toString);
        Diagnostic job = problems.stream().filter(found -> found.what().startsWith("job")).findFirst().orElseThrow();
        assertEquals("job `j` alone needs 2048 MiB memory, 1 CPU; the resource pool holds 512 MiB memory, 2 CPUs",
                job.what());
        assertEquals("short by 1536 MiB memory, also without any services", job.why());
    }

    @Test
    void aJobIsRefusedWhereItIsWritten() {
        Diagnostic problem = check("""
                machines:
                  s: {resources: {memory: 1GiB}}
                  j: {resources: {memory: 1GiB}, run: {command: [x], restart: never}}
                """, fixed(4, 1536)).getFirst();
        assertEquals("job `j` needs 1024 MiB memory, 1 CPU, but the services leave 512 MiB memory, 3 CPUs",
                problem.what());
        assertEquals(
                "leave out 1 machine, such as s; or lower the memory request of `j` by 512 MiB to 512 MiB; or lower"
                        + " the memory request of `s` by 512 MiB to 512 MiB; or take a pool of at least --cpus 2 --mem 2GiB",
                problem.fix());
    }

    @Test
    void anAutomaticPoolCountsTheVmmsToo() {
        VmmOverhead kvm = VmmOverhead.under(Accelerator.KVM);
        ResourcePool pool = new ResourcePool(fixed(8, 1024).size(), 4, "auto", kvm, Optional.empty());
        MachineSpec spec = Specs.machine("resources: {memory: 512MiB}");
        assertEquals(ByteSize.ofMib(512 + 43), pool.shareOf(spec).memory());
        Diagnostic problem = check("machines: {a: {count: 2}}", pool).getFirst();
        assertTrue(problem.why().startsWith("short by 86 MiB memory; 86 MiB of it are for the VMMs"), problem.why());
        assertTrue(problem.fix().endsWith("--cpus 2 --mem 1GiB"), "a fixed pool counts requests alone");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyRemedyMendsAndASmallerOneDoesNot(long seed) {
        Random random = new Random(seed);
        int seen = 0;
        for (int i = 0; i < 200; i++) {
            List<Claim> claims = claims(random);
            VmmOverhead overhead = random.nextBoolean() ? VmmOverhead.NONE : VmmOverhead.under(Accelerator.TCG);
            Share size = new Share(new Cpus(500 + random.nextInt(6000)), ByteSize.ofMib(500 + random.nextInt(6000)));
            PoolDemand demand = PoolDemand.of(claims, new ResourcePool(size, 1, "", overhead, Optional.empty()));
            if (demand.fits()) {
                continue;
            }
            for (Remedy remedy : Remedies.of(demand, HOST)) {
                seen++;
                mends(demand, remedy);
            }
        }
        assertTrue(seen > 100, "only " + seen);
    }

    private static void mends(PoolDemand demand, Remedy remedy) {
        switch (remedy) {
            case Remedy.LowerCount(String entry, int from, int to) -> {
                assertTrue(without(demand, entry, from - to).fits(), remedy::toString);
                assertFalse(without(demand, entry, from - to - 1).fits(), remedy::toString);
            }
            case Remedy.LowerRequest(String entry, Share by, Share to) -> {
                assertTrue(lowered(demand, entry, by).fits(), remedy::toString);
                Cpus lessCpus = by.cpus().minusOrZero(new Cpus(1));
                ByteSize lessMemory = by.memory().minusOrZero(ByteSize.ofMib(1));
                assertFalse(
                        !lessCpus.equals(by.cpus()) && lowered(demand, entry, new Share(lessCpus, by.memory())).fits());
                assertFalse(!lessMemory.equals(by.memory())
                        && lowered(demand, entry, new Share(by.cpus(), lessMemory)).fits());
            }
            case Remedy.LeaveOut(List<String> names) -> {
                assertTrue(without(demand, names).fits(), remedy::toString);
                assertFalse(without(demand, names.subList(0, names.size() - 1)).fits(), remedy::toString);
            }
            case Remedy.FixedPool(Share size) -> {
                assertTrue(in(demand, size).fits());
                assertFalse(in(demand, new Share(size.cpus().minusOrZero(new Cpus(1)), size.memory())).fits());
                assertFalse(in(demand, new Share(size.cpus(), size.memory().minusOrZero(ByteSize.ofMib(1)))).fits());
            }
        }
    }

    private static PoolDemand in(PoolDemand demand, Share size) {
        List<Claim> all = new ArrayList<>(demand.services());
        all.addAll(demand.jobs());
        return PoolDemand.of(all, new ResourcePool(size, 1, "fixed"));
    }

    private static PoolDemand without(PoolDemand demand, String entry, int fewer) {
        return without(demand, demand.services()
                .stream()
                .filter(claim -> claim.entry().equals(entry))
                .limit(fewer)
                .map(Claim::name)
                .toList());
    }

    private static PoolDemand without(PoolDemand demand, List<String> names) {
        return new PoolDemand(demand.services().stream().filter(claim -> !names.contains(claim.name())).toList(),
                demand.jobs(), demand.pool());
    }

    private static PoolDemand lowered(PoolDemand demand, String entry, Share by) {
        return new PoolDemand(demand.services().stream().map(claim -> lowered(claim, entry, by)).toList(),
                demand.jobs().stream().map(claim -> lowered(claim, entry, by)).toList(), demand.pool());
    }

    private static Claim lowered(Claim claim, String entry, Share by) {
        Resources before = claim.spec().resources();
        CpuRange cpus = new CpuRange(before.cpus().request().minusOrZero(by.cpus()), before.cpus().limit(),
                before.cpus().max());
        MemoryRange memory = new MemoryRange(before.memory().request().minusOrZero(by.memory()),
                before.memory().limit(), before.memory().max());
        return !claim.entry().equals(entry) ? claim
                : new Claim(claim.spec().with(before.with(cpus).with(memory)), claim.written());
    }

    private static List<Claim> claims(Random random) {
        StringBuilder machines = new StringBuilder("machines:\n  s: {}\n");
        int entries = 1 + random.nextInt(5);
        for (int i = 0; i < entries; i++) {
            machines.append("  m%d: {count: %d, resources: {cpus: %dm, memory: %dMiB}%s}\n".formatted(i,
                    1 + random.nextInt(5), 100 + random.nextInt(1000), 128 + random.nextInt(900),
                    random.nextInt(4) == 0 ? ", run: {command: [x], restart: never}" : ""));
        }
        return Claim.of(Specs.fleet(machines.toString()));
    }
}

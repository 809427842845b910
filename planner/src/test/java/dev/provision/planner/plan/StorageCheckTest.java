package dev.provision.planner.plan;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.planner.Specs;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.plan.LifecyclePlanner.Action;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Machine {@code a} had storage and a disk `d`, 2 GiB each. */
class StorageCheckTest {

    private static final ByteSize TWO = ByteSize.ofGib(2);
    private static final MachineSpec APPLIED = Specs.machine("resources: {storage: 2, disks: {d: 2}}");
    private static final Planner.Host HOST = Specs.host(8, 16);

    private static List<String> problems(String resources, ObservedFleet observed) {
        return Planner.converge(Specs.fleet("machines: {a: {" + resources + "}}"), observed, HOST)
                .problems()
                .stream()
                .map(problem -> problem.span().orElseThrow().column() + " " + problem.code() + " " + problem.what())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"storage: 2, disks: {d: 2} | ''", "storage: 3, disks: {d: {size: 3}} | ''",
        "storage: 2 | ''", "disks: {e: 1} | ''",
        "disks: {d: 1} | 39 DISK_CANNOT_SHRINK the disk `d` of `a` has 2 GiB and cannot shrink to 1 GiB",
        "disks: {d: {mount: /d, size: 1}} | 39 DISK_CANNOT_SHRINK the disk `d` of `a` has 2 GiB and cannot shrink to 1 GiB"})
    void noDiskIsMadeSmaller(String resources, String problem) {
        var kept = Map.of("a", TWO, "a.d", TWO);
        List<String> expected = problem.isEmpty() ? List.of() : List.of(problem);
        assertEquals(expected, problems("resources: {" + resources + "}", Specs.observed(kept)), "of a machine gone");
        assertEquals(expected, problems("resources: {" + resources + "}",
                Specs.observed(kept, Specs.observed(APPLIED, Specs.running(APPLIED)))), "of one that runs");
    }

    @Test
    void aShrinkingThatIsIgnoredIsNone() {
        assertEquals(List.of(), problems("resources: {disks: {d: 1}}, ignoreChanges: [resources.disks]", Specs
                .observed(Map.of("a", TWO, "a.d", TWO), Specs.observed(APPLIED, new MachineState.Stopped()))));
    }

    @Test
    void whatVanishedIsNotSilentlyMadeAnew() {
        ObservedFleet stopped = Specs.observed(Map.of("a", TWO), Specs.observed(APPLIED, new MachineState.Stopped()));
        assertEquals(List.of("39 STORAGE_MISSING the disk `d` of `a` is gone"),
                problems("resources: {disks: {d: 2}}", stopped));
        assertEquals(List.of(), problems("", stopped), "given up");
        ObservedFleet running = Specs.observed(Map.of("a", TWO), Specs.observed(APPLIED, Specs.running(APPLIED)));
        List<String> found = problems("resources: {storage: 2}", running);
        assertTrue(found.getFirst()
                .endsWith("is gone; its VMM runs and still has it open: save the data first,"
                        + " through provision exec"),
                found::toString);
    }

    @Test
    void restartDoesNotMakeItAnewEither() {
        Plan plan = LifecyclePlanner.plan(Action.RESTART, Set.of("a"),
                Specs.observed(Map.of("a", TWO), Specs.observed(APPLIED, Specs.running(APPLIED))), HOST);
        assertTrue(plan.isRefused());
        Diagnostic problem = plan.problems().getFirst();
        assertEquals("put the file back, or begin with an empty disk: provision stop a, apply once without `disks.d`,"
                + " then with it again", problem.fix());
    }
}

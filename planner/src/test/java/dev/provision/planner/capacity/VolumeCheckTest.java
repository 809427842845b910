package dev.provision.planner.capacity;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.provision.planner.Specs;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Attachment;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.planner.host.UnusableFolder;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VolumeCheckTest {
    private static final Fleet FLEET = Specs
            .fleet("machines: {a: {volumes: ['/ok:/ok', '/gone:/x:ro']}, b: {volumes: ['/gone:/y']}, c: {}}");

    private static List<String> check(Set<String> left, UnusableFolder... unusable) {
        Problems problems = new Problems();
        VolumeCheck.run(Claim.of(FLEET), left, List.of(unusable), problems);
        return problems.sorted().stream().map(VolumeCheckTest::text).toList();
    }

    private static String text(Diagnostic problem) {
        assertEquals(Code.NOT_SUPPORTED, problem.code());
        return problem.span().map(span -> span.column() + " ").orElse("") + problem.what() + "; " + problem.fix();
    }

    @Test
    void aFolderThatCannotBeHadIsRefusedWhereItIsWritten() {
        UnusableFolder gone = new UnusableFolder("/gone", "there is no folder `/gone`", "make it");
        assertEquals(List.of(), check(Set.of()));
        List<String> both = check(Set.of(), gone);
        assertEquals(2, both.size(), both.toString());
        assertTrue(both.getFirst()
                .endsWith(" `a` asks for a volume that this host cannot give: there is no folder `/gone`; make it"),
                both.getFirst());
        assertEquals(List.of(both.getLast()), check(Set.of("a"), gone), "one that runs on as it is has its folder");
        assertEquals(List.of(), check(Set.of(), new UnusableFolder("/other", "", "")));
    }

    private static List<String> support(String machine, DriverCapabilities driver) {
        Problems problems = new Problems();
        Specs.fleet("machines: {" + machine + "}")
                .machines()
                .values()
                .forEach(each -> EngineSupport.check(each, driver, problems));
        return problems.sorted().stream().map(VolumeCheckTest::text).toList();
    }

    @Test
    void whatTheHostLacksIsSaid() {
        var driver = new DriverCapabilities("microvm", Accelerator.KVM, Set.of(), Set.of(), "", Set.of(),
                Map.of(Attachment.VOLUMES, new Lack("it is too small", "take a larger one")), 16);
        assertEquals(List.of("25 `a` asks for volumes, which this host cannot give a machine; take a larger one"),
                support("a: {volumes: ['/x:/x']}", driver));
        assertEquals(List.of(), support("a: {}", driver));
        assertEquals(
                List.of("25 `a` asks for volumes, which this version cannot give a machine yet; remove it for now"),
                support("a: {volumes: ['/x:/x']}", DriverCapabilities.none("bare", Accelerator.KVM)));
    }

    @Test
    void eachTakesAPlaceAsANamedDiskDoes() {
        var driver = new DriverCapabilities("microvm", Accelerator.KVM, Set.of(), Set.of(), "",
                Set.of(Attachment.VOLUMES), 16);
        String volumes = IntStream.rangeClosed(1, 15)
                .mapToObj(i -> "'/v%d:/v%d'".formatted(i, i))
                .collect(Collectors.joining(","));
        assertEquals(List.of(), support("a: {resources: {disks: {d: 1}}, volumes: [" + volumes + "]}", driver));
        List<String> problems = support("a: {resources: {disks: {d: 1, e: 1}}, volumes: [" + volumes + "]}", driver);
        assertTrue(problems.getFirst().contains("asks for 17 volumes and named disks (16 at most)"),
                problems.toString());
        assertEquals(1, problems.size());
    }
}

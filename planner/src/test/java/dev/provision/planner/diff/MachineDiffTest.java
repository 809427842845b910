package dev.provision.planner.diff;

import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.planner.Specs;
import dev.provision.schema.fleet.MachineSpec;

import static org.junit.jupiter.api.Assertions.assertEquals;

class MachineDiffTest {

    /** {@code memory.limit:live cpus.max:restart}, of a machine that was booted with what {@code before} says. */
    private static String diff(String before, String after) {
        MachineSpec applied = Specs.machine(before);
        return text(MachineDiff.between(applied, Specs.machine(after), Specs.vmm(applied), Found.NOTHING));
    }

    private static String text(List<FieldChange> changes) {
        return changes.stream()
                .map(change -> change.path() + ":" + change.disruption().word())
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        // below, at and above the booted ceiling; requests and ceilings that nobody wrote follow their limit in silence
        "cpus: {limit: 1, max: 4} | cpus: {limit: 4, max: 4} | cpus.limit:live",
        "cpus: 2 | cpus: 1 | cpus.limit:live",
        "cpus: 2 | cpus: 3 | cpus.limit:restart",
        "cpus: 0.5 | cpus: 1 | cpus.limit:live",
        "cpus: [0.5, 1] | cpus: [0.25, 1] | cpus.request:live",
        "memory: {limit: 1GiB, max: 4GiB} | memory: {limit: 4GiB, max: 4GiB} | memory.limit:live shm:live",
        "'memory: 1GiB, shm: 64MiB' | 'memory: 512MiB, shm: 64MiB' | memory.limit:live",
        "'memory: 1GiB, shm: 64MiB' | 'memory: 2GiB, shm: 64MiB' | memory.limit:restart",
        "memory: [256MiB, 1GiB] | memory: [512MiB, 1GiB] | memory.request:live",
        // ceilings
        "memory: 1GiB | memory: {limit: 1GiB, max: 2GiB} | memory.max:restart",
        "memory: {limit: 1GiB, max: 4GiB} | memory: {limit: 1GiB, max: 2GiB} | memory.max:live",
        "memory: {limit: 1GiB, max: 4GiB} | memory: 1GiB | memory.max:live",
        "cpus: {limit: 1, max: 2} | cpus: {limit: 1, max: 8} | cpus.max:restart",
        "cpus: {limit: 1, max: 1.5} | cpus: {limit: 1, max: 2} | cpus.max:live",
        // disks
        "overlay: 1 | overlay: 2 | overlay:live", "overlay: 2 | overlay: 1 | overlay:recreate",
        "overlay: 2 | storage: 1 | overlay:recreate storage:restart",
        "storage: 1 | overlay: 1 | overlay:restart storage:restart",
        "storage: 1 | storage: 2 | storage:live",
        "disks: {d: 1} | disks: {d: 2} | disks.d:live",
        "disks: {d: 1} | 'disks: {d: {size: 2, mount: /d}}' | disks.d:restart",
        "'overlay: 1, storage: 1' | 'overlay: 2, storage: 2, disks: {d: 1}' | overlay:live storage:live disks.d:restart",
        "disks: {d: 1} | storage: 1 | storage:restart disks.d:restart",
        "disks: {d: 1, e: 1} | disks: {e: 1, f: 1} | disks.d:restart disks.f:restart",
        "disks: {d: 1} | 'disks: {d: {size: 1, mount: /d}}' | disks.d:restart", "shm: 64MiB | shm: 65MiB | shm:live"})
    void resources(String before, String after, String expected) {
        assertEquals(expected, diff("resources: {" + before + "}", "resources: {" + after + "}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"image: builtin | image: debian | image:recreate",
        "ports: ['1:1'] | ports: ['1:1', '2:2'] | ports:live", "ports: ['1:1', '2:2'] | ports: ['2:2', '1:1'] | ''",
        "env: {A: x} | env: {A: y, B: z} | env.A:restart env.B:restart", "env: {A: x} | env: {} | env.A:restart",
        "env: {A: none} | env: {} | env.A:restart",
        "run: {command: [a, b]} | run: {command: [a b]} | run.command:restart",
        "run: {command: [a, '']} | run: {command: [a]} | run.command:restart",
        "run: {command: [\"a'b\"]} | run: {command: [ab]} | run.command:restart",
        "run: {command: [a]} | run: {command: [a], restart: never} | run.restart:restart",
        "run: {command: [a]} | run: {command: [a], restart: on-failure} | ''",
        "network: true | network: false | network:restart", "ready: {tcp: 1} | ready: {http: 1} | ready.probe:live",
        "ready: {timeout: 120s} | ready: {timeout: 2m} | ''",
        "ready: {timeout: 1s} | ready: {timeout: 2s} | ready.timeout:live"})
    void settings(String before, String after, String expected) {
        assertEquals(expected, diff(before, after));
    }

    /** The next raise would be live as it is written: there is nothing to advise. */
    @Test
    void ceilingAboveTheLimitNeedsNoAdvice() {
        List<String> advice = MachineDiff
                .between(Specs.machine("resources: {cpus: 1, memory: 512MiB}"),
                        Specs.machine("resources: {cpus: {limit: 2, max: 4}, memory: {limit: 1GiB, max: 2GiB}}"),
                        Specs.vmm(Specs.machine("resources: {cpus: 1, memory: 512MiB}")), Found.NOTHING)
                .stream()
                .filter(change -> change.path().endsWith(".limit"))
                .map(FieldChange::milder)
                .toList();
        assertEquals(List.of("", ""), advice);
    }

    @Test
    void aDiskThatIsTakenOutIsSaidToBeKept() {
        MachineSpec applied = Specs.machine("resources: {disks: {d: 1}}");
        assertEquals(List.of(new FieldChange("disks.d", "1 GiB at /disks/d", "none", Disruption.RESTART,
                "its file is kept, with all that is in it", "")),
                MachineDiff.between(applied, Specs.machine(""), Specs.vmm(applied), Found.NOTHING));
    }

    @Test
    void whatWouldHaveBeenMilderIsSaid() {
        MachineSpec applied = Specs.machine("resources: {memory: {limit: 2GiB, max: 4GiB}, shm: 64MiB}");
        MachineSpec wanted = Specs.machine("resources: {memory: {limit: 6GiB}, shm: 64MiB}");
        FieldChange limit = MachineDiff.between(applied, wanted, Specs.vmm(applied), Found.NOTHING)
                .stream()
                .filter(change -> change.path().equals("memory.limit"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                new FieldChange("memory.limit", "2 GiB", "6 GiB", Disruption.RESTART,
                        "the balloon cannot exceed boot memory: booted with memory.max 4 GiB",
                        "set memory.max above 6 GiB to make the next one live"),
                limit);
    }

    @Test
    void aCeilingThatFollowedItsLimitDownIsNoChangeAndMayFollowItUpAgain() {
        MachineSpec two = Specs.machine("resources: {cpus: 2, memory: 2GiB, shm: 64MiB}");
        MachineSpec one = Specs.machine("resources: {cpus: 1, memory: 1GiB, shm: 64MiB}");
        BootedVmm booted = Specs.vmm(two);
        assertEquals(List.of(), MachineDiff.between(one, one, booted, Found.NOTHING));
        MachineDiff.between(one, two, booted, Found.NOTHING)
                .forEach(change -> assertEquals(Disruption.LIVE, change.disruption()));
    }

    @Test
    void writingTheCeilingItWasBootedWithIsLive() {
        MachineSpec wide = Specs.machine("resources: {memory: {limit: 1GiB, max: 4GiB}}");
        MachineSpec plain = Specs.machine("resources: {memory: 1GiB}");
        assertEquals("memory.max:live", text(MachineDiff.between(plain, wide, Specs.vmm(wide), Found.NOTHING)));
    }
}

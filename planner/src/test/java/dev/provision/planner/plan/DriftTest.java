package dev.provision.planner.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.planner.Specs;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.observed.Deviation;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.schedule.Estimates;
import dev.provision.schema.fleet.CanonicalForm;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is wanted, what was last applied, and what is really there: all three are told apart. */
class DriftTest {

    private static final String SMALL = "resources: {cpus: {limit: 1, max: 2}, memory: {limit: 512MiB, max: 1GiB}, shm: 64MiB%s}";
    private static final String LARGE = "resources: {cpus: {limit: 2, max: 2}, memory: {limit: 1GiB, max: 1GiB}, shm: 64MiB%s}";

    private static MachineChange plan(String wanted, ObservedFleet observed, Planner.Host host) {
        return Planner.converge(Specs.fleet("machines: {a: {" + wanted + "}}"), observed, host).changes().getFirst();
    }

    private static MachineChange plan(String wanted, ObservedFleet observed) {
        return plan(wanted, observed, Specs.host(8, 16));
    }

    private static ObservedMachine running(MachineSpec applied, long mib, int vcpus) {
        return Specs.observed(applied, new MachineState.Running(42, true, Optional.of(ByteSize.ofMib(mib)),
                Optional.of(vcpus)));
    }

    private static String text(FieldChange field) {
        return field.path() + " " + field.before() + field.found().map(there -> " (" + there + ")").orElse("") + " → "
                + field.after() + " " + field.disruption().word();
    }

    private static List<String> texts(MachineChange change) {
        return change.fields().stream().map(DriftTest::text).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // nothing; drift alone; a change alone; both; a change that is there already
        "512, 1 | small | ''", "513, 1 | small | ''",
        "300, 2 | small | cpus.limit 1 (2) → 1 live, memory.limit 512 MiB (300 MiB) → 512 MiB live",
        "512, 1 | large | cpus.limit 1 → 2 live, memory.limit 512 MiB → 1 GiB live",
        "300, 1 | large | cpus.limit 1 → 2 live, memory.limit 512 MiB (300 MiB) → 1 GiB live",
        "1024, 2 | large | cpus.limit 1 (2) → 2 live, memory.limit 512 MiB (1 GiB) → 1 GiB live",
        "1023, 1 | large | cpus.limit 1 → 2 live, memory.limit 512 MiB (1 GiB) → 1 GiB live"})
    void ofVcpusAndMemory(String there, String wanted, String expected) {
        List<Integer> shown = List.of(there.split(", ")).stream().map(Integer::valueOf).toList();
        MachineChange change = plan((wanted.equals("small") ? SMALL : LARGE).formatted(""),
                Specs.observed(running(Specs.machine(SMALL.formatted("")), shown.get(0), shown.get(1))));
        assertEquals(expected, String.join(", ", texts(change)));
        assertEquals(expected.isEmpty() ? Disruption.KEEP : Disruption.LIVE, change.disruption());
    }

    @Test
    void whatIsThereAlreadyIsNotDoneAgain() {
        MachineChange change = plan(LARGE.formatted(""),
                Specs.observed(running(Specs.machine(SMALL.formatted("")), 1024, 2)));
        assertTrue(change.fields().stream().allMatch(FieldChange::isThereAlready));
        MachineSpec large = Specs.machine(LARGE.formatted(""));
        assertEquals(List.of(new Step.Limit(large), new Step.SaveSpec(large)), change.steps(),
                "the guest tells no limits");
    }

    @Test
    void aGuestThatBootsDoesNotDrift() {
        MachineSpec applied = Specs.machine(SMALL.formatted(""));
        MachineState booting = new MachineState.Running(42, false, Optional.of(ByteSize.ofMib(1024)), Optional.of(2));
        assertEquals(List.of(), texts(plan(SMALL.formatted(""), Specs.observed(Specs.observed(applied, booting)))));
    }

    @Test
    void whatIsIgnoredIsStillHeldToWhatWasApplied() {
        String ignoring = ", ignoreChanges: [resources.memory]";
        MachineSpec applied = Specs.machine(SMALL.formatted("") + ignoring);
        assertEquals(List.of("memory.limit 512 MiB (300 MiB) → 512 MiB live"),
                texts(plan(
                        "resources: {cpus: {limit: 1, max: 2}, memory: {limit: 1GiB, max: 1GiB}, shm: 64MiB}"
                                + ignoring,
                        Specs.observed(running(applied, 300, 1)))));
    }

    /** A /dev/shm of its half would else be larger than the memory that is kept. */
    @Test
    void automaticShmFollowsTheMemoryThatIsKept() {
        String ignoring = ", ignoreChanges: [resources.memory]";
        MachineSpec applied = Specs.machine("resources: {memory: {limit: 512MiB, max: 2GiB}}" + ignoring);
        MachineChange larger = plan("resources: {memory: {limit: 2GiB, max: 2GiB}}" + ignoring,
                Specs.observed(running(applied, 512, 1)));
        assertEquals(List.of(), texts(larger));
        assertEquals(Disruption.KEEP, larger.disruption());
        assertEquals(List.of("shm 256 MiB → 64 MiB live"),
                texts(plan("resources: {memory: {limit: 2GiB, max: 2GiB}, shm: 64MiB}" + ignoring,
                        Specs.observed(running(applied, 512, 1)))));
        assertEquals(
                List.of("memory.limit 512 MiB → 2 GiB live", "ignoreChanges resources.memory → resources.shm live"),
                texts(plan("resources: {memory: {limit: 2GiB, max: 2GiB}}, ignoreChanges: [resources.shm]",
                        Specs.observed(running(applied, 512, 1)))));
    }

    @Test
    void driftIsLeftAloneWhereOnlyARestartWouldPutItRight() {
        MachineSpec applied = Specs.machine(SMALL.formatted(""));
        Planner.Host able = Specs.host(8, 16);
        var unable = new DriverDeclaration(DriverCapabilities.none("microvm", Accelerator.KVM), List.of());
        var host = new Planner.Host(able.capacity(), able.accelerator(), able.images(), able.buildable(),
                Estimates.ASSUMED, unable,
                able.imageDigests());
        MachineChange drift = plan(SMALL.formatted(""), Specs.observed(running(applied, 300, 2)), host);
        assertEquals(Disruption.KEEP, drift.disruption());
        assertEquals(List.of("cpus.limit 1 (2) → 1 keep", "memory.limit 512 MiB (300 MiB) → 512 MiB keep"),
                texts(drift));
        assertEquals(List.of(), drift.steps());
        MachineChange label = plan(SMALL.formatted("") + ", labels: {x: y}", Specs.observed(running(applied, 300, 2)),
                host);
        assertEquals(1, label.steps().size(), "the label is saved, and nothing is done that the driver cannot");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // really there, wanted, what the plan shows
        "2048 | 2 | ''", "1024 | 2 | storage 2 GiB (1 GiB) → 2 GiB keep",
        "1025 | 2 | storage 2 GiB (1025 MiB) → 2 GiB keep",
        "1024 | 3 | storage 2 GiB (1 GiB) → 3 GiB restart", "2048 | 3 | storage 2 GiB → 3 GiB live",
        "3072 | 3 | storage 2 GiB (3 GiB) → 3 GiB live",
        "3072 | 4 | storage 2 GiB (3 GiB) → 4 GiB live", "3072 | 2 | storage 2 GiB (3 GiB) → 2 GiB keep"})
    void ofADisksLength(long mib, int wanted, String expected) {
        MachineSpec applied = Specs.machine("resources: {storage: 2}");
        MachineChange change = plan("resources: {storage: " + wanted + "}",
                Specs.observed(Map.of("a", ByteSize.ofMib(mib)), Specs.observed(applied, Specs.running(applied))));
        assertEquals(expected, String.join(", ", texts(change)));
        assertEquals(expected.isEmpty() ? "keep" : expected.replaceAll(".* ", ""), change.disruption().word());
        assertEquals(expected.endsWith("live"),
                change.steps()
                        .equals(List.of(new Step.GrowDisks(change.wanted().orElseThrow()),
                                new Step.SaveSpec(change.wanted().orElseThrow()))));
    }

    @Test
    void aNamedDiskThatIsAsLongAsWantedAlreadySaysSo() {
        MachineSpec applied = Specs.machine("resources: {disks: {d: 1}}");
        MachineChange change = plan("resources: {disks: {d: 2}}",
                Specs.observed(Map.of("a.d", ByteSize.ofGib(2)), Specs.observed(applied, Specs.running(applied))));
        assertEquals(List.of("disks.d 1 GiB at /disks/d (2 GiB at /disks/d) → 2 GiB at /disks/d live"),
                texts(change));
        assertTrue(change.fields().getFirst().isThereAlready());
    }

    @Test
    void ofAMachineThatIsDown() {
        MachineSpec applied = Specs.machine("resources: {storage: 2}");
        Map<String, ByteSize> shorter = Map.of("a", ByteSize.ofGib(1));
        String storage = "storage 2 GiB (1 GiB) → 2 GiB keep";
        MachineChange dead = plan("resources: {storage: 2}",
                Specs.observed(shorter, Specs.observed(applied, new MachineState.Dead("killed"))));
        assertEquals(Disruption.START, dead.disruption());
        assertEquals(List.of("state running (dead) → running start", storage), texts(dead));
        MachineChange stopped = plan("resources: {storage: 2}",
                Specs.observed(shorter, Specs.observed(applied, new MachineState.Stopped())));
        assertEquals(List.of(storage), texts(stopped), "who stops a machine through provision changes nothing outside");
        MachineChange mute = plan("resources: {storage: 2}",
                Specs.observed(Specs.observed(applied, new MachineState.Unresponsive(42, "paused"))));
        assertEquals(Disruption.RESTART, mute.disruption());
        assertEquals(List.of("state running (unresponsive) → running restart"), texts(mute));
    }

    private static MachineChange around(String applied, String wanted, Deviation... deviations) {
        MachineSpec spec = Specs.machine(applied);
        var there = new ObservedMachine("a", Specs.running(spec), Optional.of(spec), Optional.of(Specs.booted(spec)),
                CanonicalForm.CURRENT.version(), List.of(), List.of(deviations));
        return plan(wanted, Specs.observed(there));
    }

    /** What a VMM is held to is put right while it runs, one step for all of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "CPU_LIMIT | no limit | cpus.limit 0.5 (no limit) → 0.5 live", "CPUSET | 0-3 | cpuset 1 (0-3) → 1 live",
        "SHARES | 1024 | shares 512 (1024) → 512 live",
        "MEMORY_HARD | no limit | memory.hard 1 GiB (no limit) → 1 GiB live",
        "NO_SWAP | true | swap false (true) → false live", "IO | none | io 500 iops (none) → 500 iops live"})
    void ofLimits(DriverCapabilities.Limit limit, String found, String expected) {
        String held = "resources: {cpus: 0.5, cpuset: '1', shares: 512, memory: {limit: 512MiB, hard: 1GiB}, swap: false,"
                + " overlay: 1GiB, io: {iops: 500}}";
        assertEquals(List.of(), around(held, held).steps());
        MachineChange change = around(held, held, new Deviation.OtherLimit(limit, found));
        assertEquals(List.of(expected), texts(change));
        MachineSpec spec = Specs.machine(held);
        assertEquals(List.of(new Step.Limit(spec), new Step.SaveSpec(spec)), change.steps());
    }

    @Test
    void ofAVolumeThatIsNotServedAnyMoreTakesARestart() {
        String volumes = "volumes: ['/srv/a:/a', '/srv/b:/b']";
        MachineChange change = around(volumes, volumes, new Deviation.LostVolume("/b"));
        assertEquals(List.of("volumes./b served (not served) → served restart"), texts(change));
        assertEquals(Disruption.RESTART, change.disruption());
        assertEquals(new Step.Stop(), change.steps().getFirst());
        assertEquals(List.of("volumes /srv/a:/a /srv/b:/b → /srv/a:/a restart"),
                texts(around(volumes, "volumes: ['/srv/a:/a']", new Deviation.LostVolume("/b"))),
                "nobody wants it back");
    }

    /** What is known from a copy is written again, together with whatever else is to be done. */
    @Test
    void ofARecordThatIsLostItIsWrittenAgain() {
        String plain = "env: {X: '1'}";
        var lost = new Deviation.LostRecord();
        MachineChange change = around(plain, plain, lost);
        assertEquals(List.of("record kept (lost) → kept live"), texts(change));
        assertEquals(Disruption.LIVE, change.disruption());
        assertEquals(List.of(new Step.SaveSpec(Specs.machine(plain))), change.steps());
        assertEquals(List.of(), around(plain, plain).steps());

        String labelled = plain + ", labels: {x: y}";
        assertEquals(List.of(new Step.SaveSpec(Specs.machine(labelled))), around(plain, labelled, lost).steps());

        MachineChange restarted = around(plain, "env: {X: '2'}", lost);
        assertEquals(Disruption.RESTART, restarted.disruption());
        assertEquals(around(plain, "env: {X: '2'}").steps(), restarted.steps(), "to restart it writes it too");
    }

    /** Killed between the two, a stop leaves a machine that runs on: it is wanted to. */
    @Test
    void ofARecordThatHasItStoppedItIsWrittenThatItRuns() {
        String plain = "env: {X: '1'}";
        MachineChange change = around(plain, plain, new Deviation.StoppedRecord());
        assertEquals(List.of("record running (stopped) → running live"), texts(change));
        assertEquals(Disruption.LIVE, change.disruption());
        assertEquals(List.of(new Step.SaveSpec(Specs.machine(plain))), change.steps());
    }

    /** Its guest still boots: that its record is lost is told and mended all the same. */
    @Test
    void ofARecordThatIsLostWhileTheGuestBoots() {
        MachineSpec spec = Specs.machine("env: {X: '1'}");
        var booting = new MachineState.Running(42, false, Optional.empty(), Optional.empty());
        var there = new ObservedMachine("a", booting, Optional.of(spec), Optional.of(Specs.booted(spec)),
                CanonicalForm.CURRENT.version(), List.of(), List.of(new Deviation.LostRecord()));
        MachineChange change = plan("env: {X: '1'}", Specs.observed(there));
        assertTrue(texts(change).contains("record kept (lost) → kept live"), texts(change).toString());
        assertEquals(new Step.SaveSpec(spec), change.steps().getLast());
    }

    /** A live step would fail: QEMU makes the group of its disks when it starts. */
    @Test
    void disksOfAVmmThatWasStartedWithoutAThrottleGroupAreLimitedByARestart() {
        String plain = "resources: {overlay: 1GiB}";
        String limited = "resources: {overlay: 1GiB, io: {iops: 500}}";
        assertEquals(Disruption.LIVE, around(plain, limited).disruption());
        assertEquals(Disruption.RESTART, around(plain, limited, new Deviation.Unthrottled()).disruption());
        assertEquals(Disruption.KEEP, around(plain, plain, new Deviation.Unthrottled()).disruption());
        assertEquals(List.of("io 500 iops (none) → 500 iops keep"),
                texts(around(limited, limited, new Deviation.Unthrottled())), "nobody asked for a restart now");
    }
}

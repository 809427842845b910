package dev.provision.planner.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.planner.Specs;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Changes of running machines: what is done, and that nothing is left to do afterwards. */
class LiveChangeTest {

    private static final String TWO = "resources: {cpus: 2, memory: 2GiB, shm: 64MiB}";
    private static final String ONE = "resources: {cpus: 1, memory: 1GiB, shm: 64MiB}";

    private static MachineChange plan(String wanted, ObservedMachine machine) {
        Fleet fleet = Specs.fleet("machines: {a: {" + wanted + "}}");
        return Planner.converge(fleet, Specs.observed(machine), Specs.host(8, 16)).changes().getFirst();
    }

    private static ObservedMachine running(MachineSpec applied, MachineSpec booted, long mib, int vcpus) {
        return new ObservedMachine("a",
                new MachineState.Running(42, true, Optional.of(ByteSize.ofMib(mib)), Optional.of(vcpus)),
                Optional.of(applied), Optional.of(Specs.booted(booted)));
    }

    @Test
    void resizesWhatDiffers() {
        MachineSpec two = Specs.machine(TWO);
        MachineChange change = plan(ONE, running(two, two, 2048, 2));
        assertEquals(Disruption.LIVE, change.disruption());
        assertEquals(List.of(new Step.Limit(Specs.machine(ONE)),
                new Step.ResizeMemory(ByteSize.ofGib(2), ByteSize.ofGib(1)), new Step.ResizeCpus(2, 1),
                new Step.SaveSpec(Specs.machine(ONE))),
                change.steps());
    }

    /** The kernel ends a VMM that has more than its hard limit, also for a moment. */
    @Test
    void aHardLimitRisesBeforeTheMemoryAndFallsAfterIt() {
        String small = "resources: {memory: {limit: 1GiB, max: 2GiB, hard: 1GiB}, shm: 64MiB}";
        String large = "resources: {memory: {limit: 2GiB, max: 2GiB, hard: 2GiB}, shm: 64MiB}";
        MachineSpec less = Specs.machine(small);
        MachineSpec more = Specs.machine(large);
        ByteSize one = ByteSize.ofGib(1);
        ByteSize two = ByteSize.ofGib(2);
        assertEquals(List.of(new Step.Limit(more), new Step.ResizeMemory(one, two), new Step.SaveSpec(more)),
                plan(large, running(less, less, 1024, 1)).steps());
        assertEquals(List.of(new Step.ResizeMemory(two, one), new Step.Limit(less), new Step.SaveSpec(less)),
                plan(small, running(more, more, 2048, 1)).steps());
    }

    @Test
    void sharedMemoryGrowsAfterTheMemoryAndShrinksBeforeIt() {
        String small = "resources: {memory: {limit: 1GiB, max: 2GiB}}";
        String large = "resources: {memory: {limit: 2GiB, max: 2GiB}}";
        ByteSize half = ByteSize.ofMib(512);
        ByteSize one = ByteSize.ofGib(1);
        ByteSize two = ByteSize.ofGib(2);
        MachineSpec applied = Specs.machine(small);
        assertEquals(List.of(new Step.ResizeMemory(one, two), new Step.ResizeShm(half, one),
                new Step.SaveSpec(Specs.machine(large))), plan(large, running(applied, applied, 1024, 1)).steps());
        applied = Specs.machine(large);
        assertEquals(List.of(new Step.ResizeShm(one, half), new Step.ResizeMemory(two, one),
                new Step.SaveSpec(Specs.machine(small))), plan(small, running(applied, applied, 2048, 1)).steps());
    }

    @Test
    void nothingIsLeftAfterALiveResize() {
        assertEquals(Disruption.KEEP,
                plan(ONE, running(Specs.machine(ONE), Specs.machine(TWO), 1024, 1)).disruption());
    }

    @Test
    void aResizeThatWasCutShortResizesNothingAgain() {
        MachineSpec two = Specs.machine(TWO);
        assertEquals(List.of(new Step.Limit(Specs.machine(ONE)), new Step.SaveSpec(Specs.machine(ONE))),
                plan(ONE, running(two, two, 1024, 1)).steps());
    }

    @ParameterizedTest
    @CsvSource({"2048, 2, 0", "2047, 2, 0", "2049, 2, 0", "1024, 2, 1", "2048, 1, 1", "1024, 1, 2"})
    void driftIsPutRight(long mib, int vcpus, int fields) {
        MachineSpec two = Specs.machine(TWO);
        MachineChange change = plan(TWO, running(two, two, mib, vcpus));
        assertEquals(fields, change.fields().size());
        assertEquals(fields == 0 ? Disruption.KEEP : Disruption.LIVE, change.disruption());
        assertEquals(fields == 0 ? 0 : fields + 1, change.steps().size());
    }

    @Test
    void portsAreForwardedAnewAndOnlyThoseThatChanged() throws Exception {
        MachineSpec applied = Specs.machine("ports: ['1:1', '2:2']");
        MachineChange change = plan("ports: ['2:2', '3:3']", Specs.observed(applied, Specs.running(applied)));
        assertEquals(List.of(new Step.ClosePorts(List.of(PortForward.parse("1:1"))),
                new Step.ForwardPorts(List.of(PortForward.parse("3:3"))),
                new Step.SaveSpec(change.wanted().orElseThrow())), change.steps());
    }

    @Test
    void disksGrowBeforeTheRecordNamesThem() {
        MachineSpec applied = Specs.machine("resources: {overlay: 1, storage: 1, disks: {d: 1}}");
        MachineSpec wanted = Specs.machine("resources: {overlay: 2, storage: 1, disks: {d: 2}}");
        MachineChange change = Planner.converge(
                Specs.fleet("machines: {a: {resources: {overlay: 2, storage: 1, disks: {d: 2}}}}"),
                Specs.observed(Map.of("a", ByteSize.ofGib(1), "a.d", ByteSize.ofGib(1)),
                        Specs.observed(applied, Specs.running(applied))),
                Specs.host(8, 16)).changes().getFirst();
        assertEquals(Disruption.LIVE, change.disruption());
        assertEquals(List.of(new Step.GrowDisks(wanted), new Step.SaveSpec(wanted)), change.steps());
    }

    /** The files of a job that has ended grow; it runs no second time for that. */
    @Test
    void disksOfAnEndedJobGrowToo() {
        String job = "run: {command: [x], restart: never}, resources: {overlay: %d}";
        MachineChange change = plan(job.formatted(2),
                Specs.observed(Specs.machine(job.formatted(1)), new MachineState.Completed(0)));
        assertEquals(Disruption.LIVE, change.disruption());
        assertEquals(List.of(new Step.GrowDisks(change.wanted().orElseThrow()),
                new Step.SaveSpec(change.wanted().orElseThrow())), change.steps());
    }

    @Test
    void aGuestThatBootsGrowsItsDisksWhenItIsReady() {
        String keys = "resources: {overlay: %d}";
        MachineSpec applied = Specs.machine(keys.formatted(1));
        MachineSpec wanted = Specs.machine(keys.formatted(2));
        MachineState booting = new MachineState.Running(42, false, Optional.empty(), Optional.empty());
        assertEquals(List.of(new Step.Start(applied), new Step.GrowDisks(wanted), new Step.SaveSpec(wanted)),
                plan(keys.formatted(2), Specs.observed(applied, booting)).steps());
    }

    @Test
    void bookkeepingTouchesTheRecordOnly() {
        MachineSpec applied = Specs.machine("resources: {memory: [256MiB, 1GiB]}");
        MachineChange change = plan("resources: {memory: [512MiB, 1GiB]}",
                Specs.observed(applied, Specs.running(applied)));
        assertEquals(Disruption.LIVE, change.disruption());
        assertEquals(1, change.steps().size());
    }
}

package dev.provision.planner.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.provision.planner.Specs;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.DeviceInventory;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Attachment;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.HostDevice;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.GpuModel;
import dev.provision.schema.fleet.MachineSpec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Plans of machines that take devices over. */
class DeviceStepsTest {

    private static final DeviceAddress FIRST = new DeviceAddress("0000:01:00.0");
    private static final DeviceAddress SECOND = new DeviceAddress("0000:02:00.0");

    private static Planner.Host host() {
        Planner.Host usual = Specs.host(8, 64);
        DeviceInventory inventory = new DeviceInventory(List.of(t4(FIRST), t4(SECOND)), Map.of());
        return new Planner.Host(usual.capacity().with(inventory), usual.accelerator(), usual.images(),
                usual.buildable(), usual.estimates(),
                new DriverDeclaration(new DriverCapabilities("microvm", Accelerator.KVM, Set.of(), Set.of(), "",
                        Set.of(Attachment.values()), 2), List.of()),
                usual.imageDigests());
    }

    private static Planner.Host with(Planner.Host host, HostDevice... devices) {
        return new Planner.Host(host.capacity().with(new DeviceInventory(List.of(devices), Map.of())),
                host.accelerator(), host.images(), host.buildable(), host.estimates(), host.driver(),
                host.imageDigests());
    }

    private static HostDevice t4(DeviceAddress address) {
        return t4(address, "");
    }

    private static HostDevice t4(DeviceAddress address, String driver) {
        return new HostDevice(address, "10de:1eb8", "T4", true, Optional.of(GpuModel.T4), Optional.empty(),
                OptionalInt.empty(), List.of(), Optional.of(driver).filter(name -> !name.isEmpty()), Optional.empty(),
                Optional.empty());
    }

    private static Fleet fleet(String resources) {
        return Specs.fleet("machines: {a: {resources: {memory: {limit: 512MiB, max: 2GiB}, " + resources + "}}}");
    }

    private static MachineSpec spec(Fleet fleet) {
        return fleet.machines().values().iterator().next().spec();
    }

    private static ObservedMachine there(Fleet fleet, boolean runs, DeviceAddress... devices) {
        MachineSpec spec = spec(fleet);
        return new ObservedMachine("a", runs ? Specs.running(spec) : new MachineState.Stopped(), Optional.of(spec),
                Optional.of(Specs.booted(spec)), 2, List.of(devices));
    }

    private static List<Step> assigned(Plan plan) {
        return plan.changes()
                .stream()
                .flatMap(change -> change.steps().stream())
                .filter(Step.AssignDevices.class::isInstance)
                .toList();
    }

    @Test
    void aNewMachineIsGivenItsDevicesBeforeItStarts() {
        Fleet fleet = fleet("gpu: T4");
        Plan plan = Planner.converge(fleet, Specs.observed(), host());
        MachineSpec spec = spec(fleet);
        assertEquals(List.of(), plan.problems());
        assertEquals(List.of(new Step.Create(spec), new Step.AssignDevices(List.of(FIRST)), new Step.Start(spec)),
                plan.changes().getFirst().steps());
        assertEquals(List
                .of("takes over 0000:01:00.0 (T4) of the host; all of its memory is pinned for that, and none can be"
                        + " taken back by the balloon"),
                plan.changes().getFirst().notes());
    }

    @Test
    void whoHasThemKeepsThemWithoutAWord() {
        Plan plan = Planner.converge(fleet("gpu: T4"), Specs.observed(there(fleet("gpu: T4"), false, SECOND)), host());
        assertTrue(plan.changes().getFirst().boots());
        assertEquals(List.of(), assigned(plan));
    }

    @Test
    void whoStaysAsItIsHasWhatItHas() {
        Fleet two = Specs.fleet("machines: {a: {resources: {gpu: T4}}, b: {resources: {gpu: T4}}}");
        Fleet one = Specs.fleet("machines: {a: {resources: {gpu: T4}}}");
        Plan plan = Planner.converge(two, Specs.observed(there(one, true, FIRST)), host());
        assertEquals(List.of(), plan.problems());
        assertEquals(List.of(new Step.AssignDevices(List.of(SECOND))), assigned(plan));
    }

    @Test
    void whoAsksNoMoreGivesThemBack() {
        Plan plan = Planner.converge(fleet("cpus: 1"), Specs.observed(there(fleet("gpu: T4"), true, FIRST)), host());
        assertEquals(List.of(new Step.AssignDevices(List.of())), assigned(plan));
        assertTrue(plan.changes().getFirst().steps().getFirst() instanceof Step.Stop, "not before it has stopped");
    }

    @Test
    void aStartByHandIsRefusedWhenADeviceIsGone() {
        ObservedMachine stopped = there(fleet("gpu: T4"), false, SECOND);
        assertEquals(List.of(), LifecyclePlanner
                .plan(LifecyclePlanner.Action.START, Set.of("a"), Specs.observed(stopped), host())
                .problems());
        ObservedMachine lost = there(fleet("gpu: T4"), false, new DeviceAddress("0000:03:00.0"));
        assertEquals("`a` has 0000:03:00.0 of this host, which cannot be given to it now", LifecyclePlanner
                .plan(LifecyclePlanner.Action.RESTART, Set.of("a"), Specs.observed(lost), host())
                .problems()
                .getFirst()
                .what());
    }

    @Test
    void aStartByHandTakesNothingFromADriverThatNobodyNamed() {
        Planner.Host driven = with(host(), t4(FIRST, "nvidia"));
        Set<String> names = Set.of("a");
        Plan byModel = LifecyclePlanner.plan(LifecyclePlanner.Action.START, names,
                Specs.observed(there(fleet("gpu: T4"), false, FIRST)), driven);
        assertEquals("the host uses it by its driver nvidia", byModel.problems().getFirst().why());
        Plan byAddress = LifecyclePlanner.plan(LifecyclePlanner.Action.START, names,
                Specs.observed(there(fleet("devices: [{pci: '0000:01:00.0'}]"), false, FIRST)), driven);
        assertEquals(List.of(), byAddress.problems());
    }

    @Test
    void aPlanThatWasMadeBeforeIsRefusedWhenTheHostHasTakenItsDevice() {
        Plan plan = Planner.converge(fleet("gpu: T4"), Specs.observed(), host());
        assertEquals(List.of(), plan.on(Specs.observed(), host()).problems());
        Plan driven = plan.on(Specs.observed(), with(host(), t4(FIRST, "nvidia"), t4(SECOND)));
        assertTrue(driven.isRefused());
        assertEquals("`a` has 0000:01:00.0 of this host, which cannot be given to it now",
                driven.problems().getFirst().what());
        Plan held = plan.on(Specs.observed(), with(host(), t4(FIRST).heldBy("other/b"), t4(SECOND)));
        assertEquals("machine other/b of another fleet has it", held.problems().getFirst().why());
    }

    @Test
    void whoIgnoresChangesOfItsDevicesIsGivenThoseThatItHas() {
        Planner.Host none = new Planner.Host(host().capacity(), host().accelerator(), host().images(),
                host().buildable(), host().estimates(), Specs.DRIVER, host().imageDigests());
        Fleet ignoring = Specs.fleet("machines: {a: {ignoreChanges: [resources.gpu]}}");
        ObservedMachine stopped = there(fleet("gpu: T4"), false, SECOND);
        assertEquals(List.of("a"), Planner.wanted(ignoring, Specs.observed(stopped))
                .stream()
                .filter(spec -> spec.resources().takesDevices())
                .map(MachineSpec::name)
                .toList());
        assertEquals(List.of(Code.NOT_SUPPORTED),
                Planner.converge(ignoring, Specs.observed(stopped), none)
                        .problems()
                        .stream()
                        .map(Diagnostic::code)
                        .toList());
        assertEquals(List.of(), Planner.converge(ignoring, Specs.observed(stopped), host()).problems());
    }

    @Test
    void whatAMachineWithoutARecordHasTakenIsNotFree() {
        ObservedMachine lost = new ObservedMachine("z", new MachineState.Broken("not JSON"), Optional.empty(),
                Optional.empty(), 2, List.of(FIRST));
        Scope onlyA = new Scope(List.of(new Selector("a")), List.of(), false);
        Plan plan = Planner.converge(fleet("gpu: T4"), Specs.observed(lost), host(), onlyA);
        assertEquals(List.of(), plan.problems());
        assertEquals(List.of(new Step.AssignDevices(List.of(SECOND))), assigned(plan));
    }

    @Test
    void allMemoryThatItCanHaveIsCounted() {
        Plan with = Planner.converge(fleet("gpu: T4"), Specs.observed(), host());
        Plan without = Planner.converge(fleet("gpu: true"), Specs.observed(), host());
        long more = with.changes().getFirst().demand(with.pool()).wanted().memory().mib()
                - without.changes().getFirst().demand(without.pool()).wanted().memory().mib();
        assertEquals(2048 - 512 - 64, more, "pinned up to its max; 64 MiB are for the emulated one");
        assertFalse(spec(fleet("gpu: true")).resources().takesDevices());
        assertEquals(List.of(), assigned(without));
    }
}

package dev.provision.provisioner.plans;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.hypervisor.store.MalformedJsonException;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.DeviceInventory;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Attachment;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.host.HostDevice;
import dev.provision.planner.observed.Booted;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Planner;
import dev.provision.planner.plan.Scope;
import dev.provision.planner.plan.Selector;
import dev.provision.planner.schedule.Estimates;
import dev.provision.provisioner.views.Json;
import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.GpuModel;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PlanReaderTest {

    private static final Planner.Host HOST = new Planner.Host(
            new HostCapacity(8, ByteSize.ofGib(16), ByteSize.ofGib(12), ByteSize.ofGib(100), 288, ByteSize.ofGib(1024)),
            new AcceleratorChoice(Accelerator.KVM, "it works"), Set.of("builtin", "debian"), Set.of("builtin"),
            Estimates.ASSUMED,
            new DriverDeclaration(new DriverCapabilities("microvm", Accelerator.KVM, Set.of(LiveChange.values()),
                    Set.of(), "no control group can be made here", Set.of(), 16), List.of()),
            Map.of("builtin", "0123456789abcdef"));

    private static final String BEFORE = """
            version: 1
            fleet: shop
            host: { pool: { cpus: 8, memory: 8GiB } }
            machines:
              db: { resources: { memory: { limit: 1GiB, max: 2GiB }, storage: 2GiB, disks: { logs: 1GiB } } }
              web: { count: 2, dependsOn: { db: ready }, ports: [], env: { A: "b\\"ü" }, ready: { tcp: 80 } }
              gone: {}
            """;

    private static final String AFTER = """
            version: 1
            fleet: shop
            machines:
              db:
                resources: { cpus: [0.5, 1], memory: { limit: 1536MiB, max: 2GiB }, storage: 3GiB, shm: 128MiB }
                ports: ["127.0.0.1:5432:5432"]
                protect: true
                labels: { tier: back }
              web: { count: 2, image: debian, dependsOn: { db: ready }, ready: { http: { port: 80, path: /up } } }
              job: { run: { command: [sh, -c, "exit 0"], restart: never }, dependsOn: { web-0: started } }
              big: { resources: { gpu: true, volumes: 1 } }
            """;

    private static Fleet fleet(String text) {
        Problems problems = new Problems();
        return ManifestReader.read(new SourceText("machines.yaml", text), problems)
                .orElseThrow(() -> new AssertionError(problems.sorted()));
    }

    private static ObservedFleet running(Fleet fleet) {
        TreeMap<String, ObservedMachine> machines = new TreeMap<>();
        fleet.machines().forEach((name, machine) -> {
            MachineSpec spec = machine.spec();
            machines.put(name, new ObservedMachine(name,
                    new MachineState.Running(7, true, Optional.of(spec.resources().memory().limit()),
                            Optional.of(spec.resources().cpus().limit().vcpus())),
                    Optional.of(spec), Optional.of(new Booted(Accelerator.KVM, "microvm",
                            spec.resources().cpus().max().vcpus(), spec.resources().memory().max(), "abc"))));
        });
        return new ObservedFleet(fleet.name(), machines, new TreeMap<>());
    }

    private static Plan plan(String before, String after) {
        ObservedFleet observed = before.isEmpty() ? new ObservedFleet("shop", new TreeMap<>(), new TreeMap<>())
                : running(fleet(before));
        return Planner.converge(fleet(after), observed, HOST);
    }

    /** One that gives a GPU away. */
    private static Plan givingAGpu() {
        HostDevice t4 = new HostDevice(new DeviceAddress("0000:3b:00.0"), "10de:1eb8", "T4", true,
                GpuModel.of("T4"), Optional.empty(), OptionalInt.empty(), List.of(), Optional.empty(), Optional.empty(),
                Optional.empty());
        Planner.Host able = new Planner.Host(HOST.capacity().with(new DeviceInventory(List.of(t4), Map.of())),
                HOST.accelerator(), HOST.images(), HOST.buildable(), HOST.estimates(),
                new DriverDeclaration(new DriverCapabilities("q35", Accelerator.KVM, Set.of(), Set.of(), "",
                        Set.of(Attachment.GPU), 16), List.of()),
                HOST.imageDigests());
        return Planner.converge(fleet("version: 1\nfleet: shop\nmachines: { a: { resources: { gpu: T4 } } }\n"),
                new ObservedFleet("shop", new TreeMap<>(), new TreeMap<>()), able);
    }

    @Test
    void addressesOfDevicesAreOfTheirForm() {
        String text = text(saved(givingAGpu()));
        assertTrue(text.contains("\"assign-devices\""), text);
        assertThrows(MalformedJsonException.class,
                () -> PlanReader.read(text.replace("[ \"0000:3b:00.0\" ]", "[ \"../../etc\" ]")));
    }

    static Stream<Plan> plans() {
        String after = AFTER.replaceFirst(" +big:.*\n", "");
        return Stream.of(plan("", BEFORE), plan(BEFORE, after), plan(after, BEFORE), plan(BEFORE, BEFORE),
                plan("", after.replace("web-0: started", "web-0: ready")), Planner.converge(fleet(after),
                        running(fleet(BEFORE)), HOST,
                        new Scope(List.of(new Selector("web")), List.of(), false)),
                Planner.refresh(fleet(after), running(fleet(BEFORE)), HOST, Scope.ALL), givingAGpu());
    }

    private static SavedPlan saved(Plan plan) {
        return new SavedPlan(plan, new Binding(new TreeMap<>(Map.of("machines.yaml", "00ff")),
                Fingerprint.of(running(fleet(BEFORE))), Fingerprint.of(HOST, plan)),
                Optional.of(Instant.parse("2026-11-21T12:00:00.123456789Z")));
    }

    private static String text(SavedPlan plan) {
        return Json.pretty(PlanJson.saved(plan));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void whatIsWrittenIsRead(Plan plan) throws Exception {
        SavedPlan saved = saved(plan);
        PlanReader.Read read = PlanReader.read(text(saved));
        assertTrue(read.isIntact());
        Plan back = read.saved().plan();
        assertEquals(plan.changes(), back.changes());
        assertEquals(plan.schedule(), back.schedule());
        assertEquals(plan.pool(), back.pool());
        assertEquals(plan.problems().size(), back.problems().size());
        assertEquals(saved.binding(), read.saved().binding());
        assertEquals(saved.madeAt(), read.saved().madeAt());
        Plan unplaced = new Plan(plan.fleet(), plan.accelerator(), plan.pool(), plan.changes(), plan.schedule(),
                back.problems(), plan.refreshOnly());
        assertEquals(unplaced, back);
        assertEquals(text(new SavedPlan(back, saved.binding(), saved.madeAt())),
                text(PlanReader.read(text(new SavedPlan(back, saved.binding(), saved.madeAt()))).saved()));
    }

    @Test
    void theSamePlanHasTheSameTextAndNoTime() {
        assertEquals(Json.pretty(PlanJson.document(new SavedPlan(plan("", BEFORE), Binding.NONE, Optional.empty()))),
                Json.pretty(PlanJson.document(new SavedPlan(plan("", BEFORE), Binding.NONE, Optional.empty()))));
        assertFalse(Json.pretty(PlanJson.document(new SavedPlan(plan("", BEFORE), Binding.NONE, Optional.empty())))
                .contains("madeAt"));
    }

    /** What is printed is what is saved, without when, digest, and values of the environment. */
    @ParameterizedTest
    @MethodSource("plans")
    void whatIsPrintedHidesTheEnvironmentAndNothingElse(Plan plan) {
        SavedPlan saved = saved(plan);
        Map<String, Object> document = PlanJson.saved(saved);
        document.remove("madeAt");
        document.remove("digest");
        String value = Json.line("b\"ü");
        String printed = Json.line(PlanJson.document(new SavedPlan(plan, saved.binding(), Optional.empty())));
        assertEquals(Json.line(document).replace("\"env\":{\"A\":" + value, "\"env\":{\"A\":" + Json.line("…")),
                printed);
        assertFalse(printed.contains("\"A\":" + value), printed);
        assertEquals(text(saved).contains("\"A\" : " + value), printed.contains("\"A\":" + Json.line("…")));
    }

    @Test
    void imagesThatNoMachineBootsFromMakeNoPlanStale() {
        Plan plan = plan("", BEFORE);
        Planner.Host others = new Planner.Host(HOST.capacity(), HOST.accelerator(), HOST.images(), HOST.buildable(),
                HOST.estimates(), HOST.driver(), Map.of("builtin", "0123456789abcdef", "debian", "new"));
        assertEquals(Fingerprint.of(HOST, plan), Fingerprint.of(others, plan));
        Planner.Host rebuilt = new Planner.Host(HOST.capacity(), HOST.accelerator(), HOST.images(), HOST.buildable(),
                HOST.estimates(), HOST.driver(), Map.of("builtin", "fedcba9876543210"));
        assertFalse(Fingerprint.of(HOST, plan).equals(Fingerprint.of(rebuilt, plan)));
    }

    @Test
    void aPrintedPlanIsNotTakenForASavedOne() throws Exception {
        String printed = Json.pretty(PlanJson.document(saved(plan("", BEFORE))));
        assertTrue(printed.contains("madeAt") && !printed.contains("digest"), printed);
        assertFalse(PlanReader.read(printed).isIntact());
    }

    @Test
    void editedOneIsNotIntact() throws Exception {
        String text = text(saved(plan("", BEFORE)));
        String edited = text.replaceFirst("\"memoryMiB\" : 8192", "\"memoryMiB\" : 8193");
        assertFalse(text.equals(edited));
        assertFalse(PlanReader.read(edited).isIntact());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "null", "1", "{\"kind\": \"provision-plan\"}", "no JSON",
        "{\"kind\":\"provision-plan\",\"format\":99}", "{\"kind\":\"provision-plan\",\"kind\":1}"})
    void otherTextsAreNoPlans(String text) {
        assertThrows(MalformedJsonException.class, () -> PlanReader.read(text));
    }

    /** Whatever is cut off or changed: a plan or a clear refusal, nothing else. */
    @Test
    void damagedOnesAreRefusedOrNotIntact() {
        String text = text(saved(plan(BEFORE, BEFORE)));
        for (int i = 0; i < text.length(); i += 7) {
            String damaged = text.substring(0, i) + "7" + text.substring(i + 1);
            try {
                assertTrue(damaged.equals(text) || !PlanReader.read(damaged).isIntact(), damaged);
            } catch (MalformedJsonException e) {
                assertFalse(String.valueOf(e.getMessage()).isEmpty());
            }
        }
    }
}

package dev.provision.provisioner.plans;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.provision.hypervisor.store.JsonFields;
import dev.provision.hypervisor.store.MalformedJsonException;
import dev.provision.hypervisor.store.SpecJson;
import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.capacity.ResourcePool.Automatic;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;
import dev.provision.planner.host.BootsOn;
import dev.provision.planner.host.VmmOverhead;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.OutOfScope;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Step;
import dev.provision.planner.schedule.Booking;
import dev.provision.planner.schedule.Level;
import dev.provision.planner.schedule.Schedule;
import dev.provision.provisioner.views.Json;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;
import dev.provision.schema.units.QuantityFormatException;

/** Reads what {@link PlanJson} wrote: the same plan, but for the places of its problems, which are words then. */
public final class PlanReader {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private PlanReader() {}

    /**
     * A document as it was read.
     *
     * @param digest
     *            what it says of itself; empty of one that was not saved
     * @param isIntact
     *            the digest is that of the rest: nobody has edited it
     */
    public record Read(SavedPlan saved, String digest, boolean isIntact) {}

    /**
     * Reads the text of a document.
     *
     * @throws MalformedJsonException
     *             when it is no plan of this format
     */
    public static Read read(String text) throws MalformedJsonException {
        try {
            JsonNode tree = MAPPER.readTree(text);
            if (tree == null || !tree.path("kind").asText().equals(PlanJson.KIND)) {
                throw new MalformedJsonException("it is no plan");
            }
            if (tree.path("format").intValue() != Json.FORMAT) {
                throw new MalformedJsonException("plan format " + tree.path("format").asText()
                        + "; this version of provision reads format " + Json.FORMAT);
            }
            ObjectNode content = tree.deepCopy();
            content.remove("digest");
            String digest = tree.path("digest").asText("");
            return new Read(document(new JsonFields("", tree)), digest, PlanJson.digest(content).equals(digest));
        } catch (JsonProcessingException e) {
            throw new MalformedJsonException("no JSON: " + e.getOriginalMessage());
        }
    }

    private static SavedPlan document(JsonFields json) throws MalformedJsonException {
        json.skip("kind", "digest"); // looked at before
        json.number("format");
        boolean refreshOnly = json.flagOr("refreshOnly", false);
        boolean refused = json.flagOr("refused", false);
        JsonFields accelerator = json.object("accelerator");
        AcceleratorChoice choice = new AcceleratorChoice(accelerator(accelerator), accelerator.text("reason"));
        accelerator.requireNoOthers();
        List<MachineChange> changes = new ArrayList<>();
        for (JsonFields change : json.objects("changes")) {
            changes.add(change(change));
        }
        List<Diagnostic> problems = new ArrayList<>();
        for (JsonFields problem : json.objects("diagnostics")) {
            problems.add(DiagnosticReader.read(problem));
        }
        Plan plan = new Plan(json.text("fleet"), choice, pool(json.object("pool"), choice.accelerator()), changes,
                schedule(json.object("schedule")), problems, refreshOnly);
        if (plan.isRefused() != refused) {
            throw json.wrong("refused", "what its diagnostics say");
        }
        Optional<String> madeAt = json.optionalText("madeAt");
        JsonFields bound = json.object("boundTo");
        Binding binding = new Binding(bound.map("manifest"), bound.map("machines"), bound.map("host"));
        bound.requireNoOthers();
        json.requireNoOthers();
        return new SavedPlan(plan, binding, madeAt.isPresent() ? Optional.of(instant(json, madeAt.get()))
                : Optional.empty());
    }

    private static Instant instant(JsonFields json, String text) throws MalformedJsonException {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw json.wrong("madeAt", "an ISO 8601 instant");
        }
    }

    private static Accelerator accelerator(JsonFields json) throws MalformedJsonException {
        String name = json.text("name");
        return Stream.of(Accelerator.values())
                .filter(accelerator -> accelerator.qemuName().equals(name))
                .findFirst()
                .orElseThrow(() -> json.wrong("name", "an accelerator"));
    }

    private static ResourcePool pool(JsonFields json, Accelerator accelerator) throws MalformedJsonException {
        Optional<JsonFields> automatic = json.optionalObject("automatic");
        Optional<Automatic> by = Optional.empty();
        if (automatic.isPresent()) {
            JsonFields auto = automatic.get();
            by = Optional.of(new Automatic(StepJson.size(auto, "reserve"), factor(auto)));
            auto.requireNoOthers();
        }
        ResourcePool pool = new ResourcePool(share(json), (int) json.number("boots"), json.text("origin"),
                by.isPresent() ? VmmOverhead.under(accelerator) : VmmOverhead.NONE, by);
        json.requireNoOthers();
        return pool;
    }

    private static double factor(JsonFields json) throws MalformedJsonException {
        try {
            return Double.parseDouble(json.text("overcommit"));
        } catch (NumberFormatException e) {
            throw json.wrong("overcommit", "a number");
        }
    }

    private static Share share(JsonFields json) throws MalformedJsonException {
        try {
            String cpus = json.text("cpus");
            return new Share(cpus.equals("0") ? new Cpus(0) : Cpus.parse(cpus),
                    ByteSize.ofMib(json.number("memoryMiB")));
        } catch (QuantityFormatException e) {
            throw json.wrong("cpus", "a number of CPUs");
        }
    }

    private static MachineChange change(JsonFields json) throws MalformedJsonException {
        String machine = json.text("machine");
        List<MachineSpec> specs = new ArrayList<>();
        for (JsonFields spec : json.objects("specs")) {
            specs.add(SpecJson.read(machine, spec));
        }
        List<FieldChange> fields = new ArrayList<>();
        for (JsonFields field : json.objects("fields")) {
            fields.add(field(field));
        }
        List<Step> steps = new ArrayList<>();
        for (JsonFields step : json.objects("steps")) {
            steps.add(StepJson.read(step, specs));
        }
        json.skip("resources"); // for people and scripts; the spec has it all
        MachineChange change = new MachineChange(machine, disruption(json), json.optionalText("reason").orElse(""),
                fields, steps, optionalSpec(json, "wanted", specs), json.flagOr("running", false),
                optionalSpec(json, "applied", specs), json.textsOrNone("notes"), outOfScope(json),
                bootsOn(json));
        json.requireNoOthers();
        return change;
    }

    private static Optional<BootsOn> bootsOn(JsonFields json) throws MalformedJsonException {
        Optional<JsonFields> written = json.optionalObject("bootsOn");
        if (written.isEmpty()) {
            return Optional.empty();
        }
        JsonFields hardware = written.get();
        BootsOn bootsOn = new BootsOn(hardware.text("machineType"), hardware.text("reason"),
                hardware.flagOr("default", false));
        hardware.requireNoOthers();
        return Optional.of(bootsOn);
    }

    private static Optional<OutOfScope> outOfScope(JsonFields json) throws MalformedJsonException {
        Optional<String> word = json.optionalText("outOfScope");
        Optional<OutOfScope> known = Stream.of(OutOfScope.values())
                .filter(why -> word.filter(why.word()::equals).isPresent())
                .findFirst();
        if (word.isPresent() && known.isEmpty()) {
            throw json.wrong("outOfScope", "why a machine is left alone");
        }
        return known;
    }

    private static FieldChange field(JsonFields json) throws MalformedJsonException {
        json.flagOr("drift", false);
        FieldChange field = new FieldChange(json.text("path"), json.text("before"), json.optionalText("found"),
                json.text("after"), disruption(json), json.optionalText("reason").orElse(""),
                json.optionalText("milder").orElse(""));
        json.requireNoOthers();
        return field;
    }

    private static Disruption disruption(JsonFields json) throws MalformedJsonException {
        String word = json.text("class");
        return Stream.of(Disruption.values())
                .filter(disruption -> disruption.word().equals(word))
                .findFirst()
                .orElseThrow(() -> json.wrong("class", "a class of change"));
    }

    private static Optional<MachineSpec> optionalSpec(JsonFields json, String name, List<MachineSpec> specs)
            throws MalformedJsonException {
        return json.numberOr(name, -1) == -1 ? Optional.empty() : Optional.of(spec(json, name, specs));
    }

    static MachineSpec spec(JsonFields json, String name, List<MachineSpec> specs) throws MalformedJsonException {
        long index = json.number(name);
        if (index < 0 || index >= specs.size()) {
            throw json.wrong(name, "the place of one of the change's specs");
        }
        return specs.get((int) index);
    }

    private static Schedule schedule(JsonFields json) throws MalformedJsonException {
        List<Booking> bookings = new ArrayList<>();
        for (JsonFields booking : json.objects("bookings")) {
            bookings.add(booking(booking));
        }
        List<Level> levels = new ArrayList<>();
        for (JsonFields level : json.objects("levels")) {
            levels.add(new Level(millis(level, "at"), share(level), (int) level.number("booting")));
            level.requireNoOthers();
        }
        Map<String, Integer> ranks = new HashMap<>();
        for (String machine : json.texts("order")) {
            ranks.put(machine, ranks.size());
        }
        Schedule schedule = new Schedule(bookings, levels, ranks, Set.copyOf(json.texts("stopFirst")),
                millis(json, "makespan"), json.text("basis"));
        json.requireNoOthers();
        return schedule;
    }

    private static Booking booking(JsonFields json) throws MalformedJsonException {
        Optional<Duration> until = json.numberOr("until", -1) == -1 ? Optional.empty()
                : Optional.of(millis(json, "until"));
        Booking booking = new Booking(json.text("machine"), share(json), json.flagOr("boots", false),
                millis(json, "from"), millis(json, "ready"), until);
        json.requireNoOthers();
        return booking;
    }

    private static Duration millis(JsonFields json, String name) throws MalformedJsonException {
        return Duration.ofMillis(json.number(name));
    }
}

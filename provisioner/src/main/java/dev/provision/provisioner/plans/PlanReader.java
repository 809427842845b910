package dev.provision.provisioner.plans;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.provision.hypervisor.store.JsonFields;
import dev.provision.hypervisor.store.MalformedJsonException;
import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.capacity.ResourcePool.Automatic;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;
import dev.provision.planner.host.VmmOverhead;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.views.Json;
import dev.provision.schema.diagnostics.Diagnostic;

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
            changes.add(ChangeReader.read(change));
        }
        List<Diagnostic> problems = new ArrayList<>();
        for (JsonFields problem : json.objects("diagnostics")) {
            problems.add(DiagnosticReader.read(problem));
        }
        Plan plan = new Plan(json.text("fleet"), choice, pool(json.object("pool"), choice.accelerator()), changes,
                ScheduleReader.read(json.object("schedule")), problems, refreshOnly);
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
        ResourcePool pool = new ResourcePool(ScheduleReader.share(json), (int) json.number("boots"),
                json.text("origin"),
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
}

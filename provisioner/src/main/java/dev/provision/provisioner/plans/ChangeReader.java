package dev.provision.provisioner.plans;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.provision.hypervisor.store.JsonFields;
import dev.provision.hypervisor.store.MalformedJsonException;
import dev.provision.hypervisor.store.SpecJson;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.host.BootsOn;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.OutOfScope;
import dev.provision.planner.plan.Step;
import dev.provision.schema.fleet.MachineSpec;

/** Reads what happens to one machine of a plan. */
final class ChangeReader {

    private ChangeReader() {}

    static MachineChange read(JsonFields json) throws MalformedJsonException {
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
}

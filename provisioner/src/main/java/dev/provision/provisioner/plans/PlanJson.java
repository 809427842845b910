package dev.provision.provisioner.plans;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.provision.hypervisor.image.deb.Sha256;
import dev.provision.hypervisor.store.SpecJson;
import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.host.BootsOn;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.OutOfScope;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.schedule.Booking;
import dev.provision.planner.schedule.Level;
import dev.provision.planner.schedule.Schedule;
import dev.provision.provisioner.views.DiagnosticJson;
import dev.provision.provisioner.views.Json;
import dev.provision.provisioner.views.SizeJson;
import dev.provision.schema.fleet.MachineSpec;

/**
 * A plan as a document, complete: {@link PlanReader} makes the same plan of what {@link #saved} makes. In what is printed the
 * values of machines' environment variables are hidden: terminals and logs are read by more people than the file is. Its keys are a contract (docs/plan.md), not the
 * names of Java fields. Times are milliseconds from the beginning of the run.
 */
public final class PlanJson {

    /** What the document is. */
    public static final String KIND = "provision-plan";

    private PlanJson() {}

    /** What stands for the value of an environment variable in what is printed. */
    static final String HIDDEN = "\u2026";

    /** The document for a file that its owner alone may read: with the environment's values, ending with its own digest. */
    public static Map<String, Object> saved(SavedPlan saved) {
        Map<String, Object> document = document(saved, true);
        document.put("digest", digest(document));
        return document;
    }

    /** The document to print: without digest, with {@code …} for the environment's values. */
    public static Map<String, Object> document(SavedPlan saved) {
        return document(saved, false);
    }

    private static Map<String, Object> document(SavedPlan saved, boolean withEnv) {
        Plan plan = saved.plan();
        return Json.object("kind", KIND, "format", Json.FORMAT, "madeAt",
                saved.madeAt().map(Object::toString).orElse(null), "fleet", plan.fleet(), "refreshOnly",
                plan.refreshOnly() ? true : null, "refused", plan.isRefused(),
                "accelerator",
                Json.object("name", plan.accelerator().accelerator().qemuName(), "reason",
                        plan.accelerator().reason()),
                "pool", pool(plan), "changes", plan.changes().stream().map(change -> change(change, withEnv)).toList(),
                "schedule",
                schedule(plan.schedule()), "diagnostics", DiagnosticJson.of(plan.problems()), "boundTo",
                Json.object("manifest", saved.binding().manifest(), "machines", saved.binding().machines(), "host",
                        saved.binding().host()));
    }

    /** The first of the lines that {@code apply -o json} prints. */
    public static Map<String, Object> planned(SavedPlan saved) {
        Map<String, Object> event = Json.object("event", "planned");
        event.putAll(document(saved));
        return event;
    }

    /** Of the document without it. */
    static String digest(Object document) {
        return Sha256.of(Json.line(document).getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> pool(Plan plan) {
        ResourcePool pool = plan.pool();
        Map<String, Object> document = share(pool.size());
        document.putAll(Json.object("origin", pool.origin(), "boots", pool.maxConcurrentBoots(), "automatic",
                pool.automatic()
                        .map(automatic -> Json.object("reserve", automatic.reserve().canonical(), "overcommit",
                                Double.toString(automatic.overcommit())))
                        .orElse(null)));
        return document;
    }

    private static Map<String, Object> share(Share share) {
        return Json.object("cpus", share.cpus().toString(), "memoryMiB", share.memory().mib());
    }

    private static Map<String, Object> change(MachineChange change, boolean withEnv) {
        Specs specs = new Specs(change.machine(), withEnv);
        Object steps = change.steps().stream().map(step -> StepJson.write(step, specs)).toList();
        Integer wanted = change.wanted().map(specs::index).orElse(null);
        Integer applied = change.applied().map(specs::index).orElse(null);
        return Json.object("machine", change.machine(), "class", change.disruption().word(), "reason",
                change.reason().isEmpty() ? null : change.reason(), "outOfScope",
                change.outOfScope().map(OutOfScope::word).orElse(null), "running", change.running(), "fields",
                change.fields().stream().map(PlanJson::field).toList(), "notes",
                change.notes().isEmpty() ? null : change.notes(), "bootsOn",
                change.bootsOn().map(PlanJson::bootsOn).orElse(null), "resources",
                change.wanted().map(SizeJson::of).orElse(null), "steps", steps, "wanted", wanted, "applied", applied,
                "specs", specs.written());
    }

    private static Map<String, Object> bootsOn(BootsOn hardware) {
        return Json.object("machineType", hardware.machineType(), "reason", hardware.reason(), "default",
                hardware.usual());
    }

    /** The specs that a change speaks of, each written once. */
    static final class Specs {
        private final String machine;
        private final boolean withEnv;
        private final Map<MachineSpec, Integer> indexes = new LinkedHashMap<>();

        Specs(String machine, boolean withEnv) {
            this.machine = machine;
            this.withEnv = withEnv;
        }

        int index(MachineSpec spec) {
            if (!spec.name().equals(machine)) {
                throw new IllegalArgumentException("a spec of " + spec.name() + " in a change of " + machine);
            }
            Integer known = indexes.putIfAbsent(spec, indexes.size());
            return known == null ? indexes.size() - 1 : known;
        }

        List<Object> written() {
            return indexes.keySet().stream().map(this::written).toList();
        }

        private Object written(MachineSpec spec) {
            ObjectNode json = SpecJson.write(spec);
            if (!withEnv) {
                ObjectNode env = json.putObject("env"); // keeps its place
                spec.workload().env().keySet().forEach(name -> env.put(name, HIDDEN));
            }
            return json;
        }
    }

    private static Map<String, Object> field(FieldChange field) {
        return Json.object("path", field.path(), "before", field.before(), "found", field.found().orElse(null),
                "after", field.after(), "drift", field.isDrift() ? true : null, "class", field.disruption().word(),
                "reason", field.reason().isEmpty() ? null : field.reason(), "milder",
                field.milder().isEmpty() ? null : field.milder());
    }

    private static Map<String, Object> schedule(Schedule schedule) {
        Map<String, Integer> inOrder = new LinkedHashMap<>();
        schedule.ranks()
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(rank -> inOrder.put(rank.getKey(), rank.getValue()));
        return Json.object("makespan", schedule.makespan().toMillis(), "basis", schedule.basis(), "order",
                List.copyOf(inOrder.keySet()), "stopFirst", schedule.stopFirstByName(), "bookings",
                schedule.bookings().stream().map(PlanJson::booking).toList(), "levels",
                new ArrayList<>(schedule.levels().stream().map(PlanJson::level).toList()));
    }

    private static Map<String, Object> booking(Booking booking) {
        Map<String, Object> document = Json.object("machine", booking.machine());
        document.putAll(share(booking.share()));
        document.putAll(Json.object("boots", booking.boots(), "from", booking.from().toMillis(), "ready",
                booking.ready().toMillis(), "until", booking.until().map(until -> until.toMillis()).orElse(null)));
        return document;
    }

    private static Map<String, Object> level(Level level) {
        Map<String, Object> document = Json.object("at", level.at().toMillis());
        document.putAll(share(level.held()));
        document.put("booting", level.booting());
        return document;
    }
}

package dev.provision.provisioner.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import org.jspecify.annotations.Nullable;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Step;
import dev.provision.provisioner.convergence.StepNames;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Outcome;
import dev.provision.provisioner.views.StatusText;

/**
 * What a watch counts and measures, as OpenMetrics text. Called by several threads.
 */
public final class WatchMetrics {

    /** Of the text, see the OpenMetrics specification. */
    public static final String CONTENT_TYPE = OpenMetricsTextFormatWriter.CONTENT_TYPE;

    /** Seconds: from a clone that is there at once to a guest that takes minutes on a busy host. */
    private static final double[] RECOVERIES = {0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300};

    private final InstantSource clock;
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Gauge machines = Gauge.builder()
            .name("provision_machines")
            .help("Machines of the fleet by state.")
            .labelNames("state")
            .register(registry);
    private final Gauge settled = Gauge.builder()
            .name("provision_settled")
            .help("1 when all is as the manifest wants it, else 0.")
            .register(registry);
    private final Counter restarts = Counter.builder()
            .name("provision_restarts_total")
            .help("How often a machine's VMM ended by itself and it was brought up again.")
            .labelNames("machine")
            .register(registry);
    private final Histogram recoveries = Histogram.builder()
            .name("provision_recovery_seconds")
            .unit(Unit.SECONDS)
            .help("From the end of a VMM that nobody asked for until its machine was ready again.")
            .classicOnly()
            .classicUpperBounds(RECOVERIES)
            .register(registry);
    private final Counter runs = Counter.builder()
            .name("provision_runs_total")
            .help("Plans that were carried out, by how they came out.")
            .labelNames("result")
            .register(registry);
    private final Counter steps = Counter.builder()
            .name("provision_steps_total")
            .help("Steps by what they do and how they came out.")
            .labelNames("action", "result")
            .register(registry);
    private final Gauge planned = Gauge.builder()
            .name("provision_last_plan_timestamp_seconds")
            .unit(Unit.SECONDS)
            .help("When the watch looked and planned last.")
            .register(registry);
    private final Gauge poolCpus = gauge("provision_pool_cpus", "CPUs that machines may have together.");
    private final Gauge heldCpus = gauge("provision_pool_held_cpus", "CPUs of the pool that machines hold.");
    private final Gauge poolMemory = gauge("provision_pool_memory_bytes",
            "Memory that machines may have together, in bytes.");
    private final Gauge heldMemory = gauge("provision_pool_held_memory_bytes",
            "Memory of the pool that machines hold, in bytes.");
    // A label on every figure would say the same everywhere, and who scrapes labels targets himself: Prometheus has such
    // facts in a metric of their own, to be joined with `* on(instance) group_left(fleet) provision_watch_info`.
    private final Info info = Info.builder()
            .name("provision_watch_info")
            .help("The fleet that is watched.")
            .labelNames("fleet")
            .register(registry);
    private final Set<String> atWork = ConcurrentHashMap.newKeySet();
    private final Map<String, Instant> ended = new ConcurrentHashMap<>();
    private final Map<String, Step> begun = new ConcurrentHashMap<>();
    private Set<String> known = Set.of();
    private @Nullable Instant lastLook;

    public WatchMetrics(InstantSource clock) {
        this.clock = clock;
        settled.set(0);
        StatusText.WORDS.forEach(machines::initLabelValues);
        List.of("done", "incomplete").forEach(runs::initLabelValues);
    }

    private Gauge gauge(String name, String help) {
        return Gauge.builder().name(name).help(help).register(registry);
    }

    /** The watch has looked, and this is what it found and what it would do about it. */
    public synchronized void looked(Plan plan, ObservedFleet observed) {
        info.setLabelValues(plan.fleet());
        Map<String, Long> states = new TreeMap<>();
        observed.machines()
                .values()
                .forEach(machine -> states.merge(StatusText.word(machine.state()), 1L, Long::sum));
        know(FleetLook.machines(plan, observed));
        settle(FleetLook.of(plan, observed));
        looked(states, plan.pool().size(), FleetLook.held(plan));
    }

    /**
     * The watch has looked.
     *
     * @param states
     *            how many machines are in each state; none is in those that are not named
     * @param held
     *            what of the pool machines have that run
     */
    synchronized void looked(Map<String, Long> states, Share size, Share held) {
        Set<String> words = new TreeSet<>(StatusText.WORDS);
        words.addAll(states.keySet());
        words.forEach(word -> machines.labelValues(word).set(states.getOrDefault(word, 0L)));
        poolCpus.set(size.cpus().millis() / 1000.0);
        heldCpus.set(held.cpus().millis() / 1000.0);
        poolMemory.set((double) size.memory().bytes());
        heldMemory.set((double) held.memory().bytes());
        lastLook = clock.instant();
        planned.set(lastLook.toEpochMilli() / 1000.0);
    }

    /** Counters begin at 0, or the first restart would be no increase; what is gone is no series any more. */
    private void know(Set<String> names) {
        known.stream().filter(machine -> !names.contains(machine)).forEach(machine -> {
            restarts.remove(machine);
            ended.remove(machine);
        });
        names.forEach(restarts::initLabelValues);
        known = Set.copyOf(names);
    }

    /**
     * What became of VMMs that have ended: a job that has completed is no failure, nor is a machine that is to stay down. One
     * that was up again already when the watch looked last came up after a run that had given it up.
     */
    private void settle(Map<String, FleetLook.Fate> fates) {
        Instant before = lastLook;
        for (String machine : List.copyOf(ended.keySet())) {
            switch (fates.getOrDefault(machine, FleetLook.Fate.DOWN)) {
                case REVIVED -> {
                    // It counts when it is ready.
                }
                case DOWN -> ended.remove(machine);
                case READY -> {
                    Instant end = ended.get(machine);
                    if (before != null && end != null && end.isBefore(before)) {
                        recovered(machine);
                    }
                }
            }
        }
    }

    /** A VMM has ended. While something is done to its machine that is no surprise. */
    public void vmmEnded(String machine) {
        if (!atWork.contains(machine)) {
            ended.putIfAbsent(machine, clock.instant());
        }
    }

    /** Something was said, by the watch or by a run of it. */
    public void accept(Event event) {
        switch (event) {
            case Event.Settled _ -> settled.set(1);
            case Event.Degraded _ -> settled.set(0);
            case Event.StepStarted step -> begin(step.machine(), step.step());
            case Event.StepDone step -> {
                begun.remove(step.machine());
                steps.labelValues(StepNames.word(step.step()), "done").inc();
            }
            case Event.Retrying retry -> steps.labelValues(StepNames.word(retry.step()), "retried").inc();
            case Event.MachineEnded end -> machineEnded(end.machine(), end.outcome());
            case Event.RunEnded run -> runs.labelValues(run.ledger().isClean() ? "done" : "incomplete").inc();
            case Event.RunStarted _,Event.Waiting _,Event.JobEnded _,Event.Noticed _ -> {
                // Nothing is counted.
            }
        }
    }

    private void begin(String machine, Step step) {
        atWork.add(machine);
        begun.put(machine, step);
        if (step instanceof Step.Remove) {
            ended.remove(machine);
        }
    }

    private void machineEnded(String machine, Outcome outcome) {
        atWork.remove(machine);
        Step cut = begun.remove(machine);
        if (cut != null) {
            steps.labelValues(StepNames.word(cut), "failed").inc();
        }
        if (outcome instanceof Outcome.Done) {
            recovered(machine);
        }
    }

    private void recovered(String machine) {
        Instant end = ended.remove(machine);
        if (end != null) {
            restarts.labelValues(machine).inc();
            recoveries.observe(Duration.between(end, clock.instant()).toMillis() / 1000.0);
        }
    }

    /** All of it, in OpenMetrics 1.0 text; of one look, since none is taken in while it is written. */
    public synchronized byte[] text() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        OpenMetricsTextFormatWriter.create().write(text, registry.scrape());
        return text.toByteArray();
    }
}

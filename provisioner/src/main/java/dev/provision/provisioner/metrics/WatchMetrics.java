package dev.provision.provisioner.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.plan.Step;
import dev.provision.provisioner.convergence.StepNames;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Outcome;

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
    private final Gauge poolCpus = pool("cpus", "CPUs");
    private final Gauge poolMemory = pool("memory_bytes", "Memory in bytes");
    private final Set<String> atWork = ConcurrentHashMap.newKeySet();
    private final Map<String, Instant> ended = new ConcurrentHashMap<>();
    private final Map<String, Step> begun = new ConcurrentHashMap<>();

    public WatchMetrics(InstantSource clock) {
        this.clock = clock;
        settled.set(0);
    }

    private Gauge pool(String name, String what) {
        return Gauge.builder()
                .name("provision_pool_" + name)
                .help(what + " of the pool: its size, and what machines that run hold of it.")
                .labelNames("of")
                .register(registry);
    }

    /**
     * The watch has looked.
     *
     * @param states
     *            how many machines are in each state
     * @param held
     *            what of the pool machines have that run
     */
    public void looked(Map<String, Long> states, Share size, Share held) {
        machines.clear();
        states.forEach((state, count) -> machines.labelValues(state).set(count));
        poolCpus.labelValues("size").set(size.cpus().millis() / 1000.0);
        poolCpus.labelValues("held").set(held.cpus().millis() / 1000.0);
        poolMemory.labelValues("size").set((double) size.memory().bytes());
        poolMemory.labelValues("held").set((double) held.memory().bytes());
        planned.set(clock.millis() / 1000.0);
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
            Instant end = ended.remove(machine);
            if (end != null) {
                restarts.labelValues(machine).inc();
                recoveries.observe(Duration.between(end, clock.instant()).toMillis() / 1000.0);
            }
        }
    }

    /** All of it, in OpenMetrics 1.0 text. */
    public byte[] text() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        OpenMetricsTextFormatWriter.create().write(text, registry.scrape());
        return text.toByteArray();
    }
}

package dev.provision.provisioner.metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Step;
import dev.provision.provisioner.convergence.Plans;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.events.Outcome;
import dev.provision.provisioner.views.StatusText;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WatchMetricsTest {

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final WatchMetrics metrics = new WatchMetrics(new InstantSource() {
        @Override
        public Instant instant() {
            return now;
        }
    });

    /** A machine's VMM ends, and it is ready again 3 s later. */
    private void recovery() {
        metrics.vmmEnded("a");
        now = now.plusSeconds(3);
        metrics.accept(new Event.StepStarted("a", new Step.Stop()));
        metrics.accept(new Event.StepDone("a", new Step.Stop(), Duration.ZERO));
        metrics.accept(new Event.MachineEnded("a", new Outcome.Done(), Duration.ZERO));
        metrics.accept(new Event.RunEnded(new Ledger("lab", new LinkedHashMap<>(), Duration.ZERO)));
        metrics.accept(new Event.Settled(1));
    }

    private Map<String, String> samples() throws IOException {
        Map<String, String> samples = new TreeMap<>();
        List<String> lines = new String(metrics.text(), StandardCharsets.UTF_8).lines().toList();
        assertEquals("# EOF", lines.getLast());
        for (String line : lines) {
            if (!line.startsWith("#")) {
                int blank = line.lastIndexOf(' ');
                samples.put(line.substring(0, blank), line.substring(blank + 1));
            }
        }
        return samples;
    }

    private static double number(Map<String, String> samples, String name) {
        return Double.parseDouble(Objects.requireNonNull(samples.get(name), () -> name + " is none of " + samples));
    }

    @Test
    void countsWhatHasHappened() throws IOException {
        recovery();
        metrics.looked(Map.of("ready", 2L), new Share(new Cpus(4000), ByteSize.ofGib(2)), Share.NOTHING);
        Map<String, String> samples = samples();
        assertEquals(1, number(samples, "provision_restarts_total{machine=\"a\"}"));
        assertEquals(1, number(samples, "provision_recovery_seconds_count"));
        assertEquals(3, number(samples, "provision_recovery_seconds_sum"));
        assertEquals(0, number(samples, "provision_recovery_seconds_bucket{le=\"2.0\"}"));
        assertEquals(1, number(samples, "provision_recovery_seconds_bucket{le=\"5.0\"}"));
        assertEquals(1, number(samples, "provision_runs_total{result=\"done\"}"));
        assertEquals(1, number(samples, "provision_steps_total{action=\"stop\",result=\"done\"}"));
        assertEquals(1, number(samples, "provision_settled"));
        assertEquals(2, number(samples, "provision_machines{state=\"ready\"}"));
        assertEquals(4, number(samples, "provision_pool_cpus"));
        assertEquals(0, number(samples, "provision_pool_held_cpus"));
        assertEquals(2147483648.0, number(samples, "provision_pool_memory_bytes"));
        assertEquals((double) now.getEpochSecond(), number(samples, "provision_last_plan_timestamp_seconds"));
        String text = new String(metrics.text(), StandardCharsets.UTF_8);
        assertTrue(text.contains("# TYPE provision_restarts counter\n"), text);
        assertTrue(text.contains("# TYPE provision_recovery_seconds histogram\n"), text);
        assertTrue(text.contains("# UNIT provision_recovery_seconds seconds\n"), text);
    }

    /** A restart that the watch does itself is no recovery. */
    @Test
    void whatAPlanEndsIsNoSurprise() throws IOException {
        metrics.accept(new Event.StepStarted("a", new Step.Stop()));
        metrics.vmmEnded("a");
        metrics.accept(new Event.MachineEnded("a", new Outcome.Done(), Duration.ZERO));
        Map<String, String> samples = samples();
        assertFalse(samples.containsKey("provision_restarts_total{machine=\"a\"}"), samples::toString);
        assertEquals(1, number(samples, "provision_steps_total{action=\"stop\",result=\"failed\"}"));
    }

    private static ObservedFleet observed(String machine, MachineState state) {
        return new ObservedFleet("lab",
                new TreeMap<>(Map.of(machine,
                        new ObservedMachine(machine, state, Optional.empty(), Optional.empty()))),
                new TreeMap<>());
    }

    private static MachineState.Running ready() {
        return new MachineState.Running(7, true, Optional.empty(), Optional.empty());
    }

    private static Plan revival() {
        return Plans.plan(1000, Plans.creation(Plans.service("a", 1, Map.of())));
    }

    private void done(String machine) {
        metrics.accept(new Event.MachineEnded(machine, new Outcome.Done(), Duration.ZERO));
    }

    private static final String RESTARTS = "provision_restarts_total{machine=\"a\"}";

    @Test
    void countersOfWhatIsKnownBeginAtZeroAndThoseOfWhatIsGoneGo() throws IOException {
        assertEquals(0, number(samples(), "provision_runs_total{result=\"incomplete\"}"));
        metrics.looked(revival(), observed("a", ready()));
        assertEquals(0, number(samples(), RESTARTS));
        assertEquals(1, number(samples(), "provision_watch_info{fleet=\"lab\"}"));
        metrics.looked(Plans.plan(1000), observed("b", ready()));
        assertFalse(samples().containsKey(RESTARTS), "it is gone");
        assertEquals(0, number(samples(), "provision_restarts_total{machine=\"b\"}"));
    }

    @Test
    void stateThatNoMachineIsInIsZero() throws IOException {
        metrics.looked(revival(), observed("a", ready()));
        metrics.looked(revival(), observed("a", new MachineState.Dead("killed")));
        Map<String, String> samples = samples();
        assertEquals(0, number(samples, "provision_machines{state=\"ready\"}"));
        assertEquals(1, number(samples, "provision_machines{state=\"dead\"}"));
        StatusText.WORDS.forEach(word -> number(samples, "provision_machines{state=\"" + word + "\"}"));
    }

    @Test
    void everyStateIsAmongTheWords() {
        List<MachineState> states = List.of(ready(),
                new MachineState.Running(7, false, Optional.empty(), Optional.empty()),
                new MachineState.Unresponsive(7, ""), new MachineState.Paused(7, ""), new MachineState.Completed(0),
                new MachineState.Completed(3), new MachineState.Stopped(), new MachineState.Dead(""),
                new MachineState.Created(), new MachineState.Broken(""), new MachineState.Orphan(7));
        assertEquals(Set.of(MachineState.class.getPermittedSubclasses()),
                states.stream().map(Object::getClass).collect(Collectors.toSet()), "all kinds are here");
        assertEquals(new TreeSet<>(StatusText.WORDS),
                states.stream().map(StatusText::word).collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Scraped again and again while the watch looks: never a moment without its machine, or with two of it. */
    @Test
    void scrapeSeesOneLook() throws Exception {
        metrics.looked(revival(), observed("a", ready()));
        AtomicBoolean over = new AtomicBoolean();
        Thread looks = Thread.startVirtualThread(() -> {
            for (int i = 0; !over.get(); i++) {
                metrics.looked(revival(), observed("a", i % 2 == 0 ? ready() : new MachineState.Dead("")));
            }
        });
        try {
            for (int i = 0; i < 300; i++) {
                Map<String, String> samples = samples();
                assertEquals(1, StatusText.WORDS.stream()
                        .mapToDouble(word -> number(samples, "provision_machines{state=\"" + word + "\"}"))
                        .sum());
            }
        } finally {
            over.set(true);
            looks.join();
        }
    }

    /** Its VMM ends as it should; what is done to its machine later is no recovery from that. */
    @Test
    void endOfAJobIsNoFailure() throws IOException {
        metrics.vmmEnded("a");
        metrics.looked(Plans.plan(1000, Plans.completed(Plans.job("a", 1, Map.of()))),
                observed("a", new MachineState.Completed(0)));
        now = now.plusSeconds(3600);
        metrics.accept(new Event.StepStarted("a", new Step.Stop()));
        done("a");
        assertEquals(0, number(samples(), RESTARTS));
        assertEquals(0, number(samples(), "provision_recovery_seconds_count"));
    }

    @Test
    void whoIsHeldBackMeanwhileStillRecovers() throws IOException {
        metrics.looked(revival(), observed("a", ready()));
        metrics.vmmEnded("a");
        metrics.looked(revival(), observed("a", new MachineState.Dead("killed")));
        now = now.plusSeconds(8);
        done("a");
        assertEquals(1, number(samples(), RESTARTS));
        assertEquals(8, number(samples(), "provision_recovery_seconds_sum"));
    }

    /** A VMM that ends between the look at its machine and the word of it. */
    @Test
    void endThatALookHasNotSeenYetIsKept() throws IOException {
        metrics.looked(revival(), observed("a", ready()));
        now = now.plusSeconds(1);
        metrics.vmmEnded("a");
        metrics.looked(revival(), observed("a", ready()));
        assertEquals(0, number(samples(), RESTARTS));
        now = now.plusSeconds(1);
        done("a");
        assertEquals(1, number(samples(), RESTARTS));
    }

    /** A run gave it up before its probe had succeeded. */
    @Test
    void whoIsReadyAtALaterLookHasRecovered() throws IOException {
        metrics.looked(revival(), observed("a", ready()));
        now = now.plusSeconds(1);
        metrics.vmmEnded("a");
        now = now.plusSeconds(1);
        metrics.looked(revival(), observed("a", new MachineState.Dead("killed")));
        metrics.accept(new Event.MachineEnded("a", new Outcome.Failed("not ready", "", List.of()), Duration.ZERO));
        now = now.plusSeconds(4);
        metrics.looked(revival(), observed("a", ready()));
        assertEquals(1, number(samples(), RESTARTS));
        assertEquals(5, number(samples(), "provision_recovery_seconds_sum"));
    }
}

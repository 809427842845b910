package dev.provision.provisioner.watch;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Step;
import dev.provision.provisioner.convergence.Plans;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.HostPolicy;
import dev.provision.schema.fleet.MachineSpec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a watch does about what happens, on a world that is made up: each round has its plan and its ledger. */
@Timeout(60)
class WatchTest implements WatchedFleet {

    private static final MachineSpec A = Plans.service("a", 1, Map.of());
    private static final MachineSpec B = Plans.service("b", 1, Map.of());

    private final Triggers triggers = new Triggers();
    private final List<Event> events = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final Deque<Runnable> rounds = new ArrayDeque<>();
    private final Set<String> notAllowed = new TreeSet<>();
    private final Set<String> unfit = new TreeSet<>();
    private List<MachineChange> changes = List.of();
    private Function<Fleet, List<MachineChange>> planned = _ -> changes;
    private @Nullable Disruption forbidden;
    private Optional<Fleet> written = Optional.of(fleet("lab"));
    private Set<String> refusedFleets = Set.of();
    private Outcome outcome = new Outcome.Done();
    private final Set<String> vanished = new TreeSet<>();
    private SortedMap<String, String> failedJobs = new TreeMap<>();
    private boolean edited;
    private SortedMap<String, Instant> expiries = new TreeMap<>();

    private static Fleet fleet(String name) {
        return new Fleet(name, HostPolicy.DEFAULT, new TreeMap<>(), new TreeMap<>());
    }

    private static Fleet other(String name) {
        return new Fleet(name, HostPolicy.DEFAULT.withBoots(7), new TreeMap<>(), new TreeMap<>());
    }

    @Override
    public Optional<Fleet> read() {
        edited = false;
        done.add("read");
        return written;
    }

    @Override
    public boolean isEdited() {
        return edited;
    }

    @Override
    public Plan plan(Fleet fleet, Set<String> heldBack) {
        Plan plan = Plans.plan(100,
                planned.apply(fleet)
                        .stream()
                        .filter(change -> !heldBack.contains(change.machine()))
                        .toArray(MachineChange[]::new));
        Set<String> wrong = new TreeSet<>(unfit);
        wrong.retainAll(plan.actions().stream().map(MachineChange::machine).toList());
        if (!wrong.isEmpty()) {
            return plan.withProblems(
                    List.of(Diagnostic.error(Code.UNKNOWN_IMAGE, wrong.iterator().next() + " does not fit")));
        }
        boolean refused = refusedFleets.contains(fleet.policy().toString());
        return refused ? plan.withProblems(List.of(Diagnostic.error(Code.FLEET_EXCEEDS_POOL, "too large"))) : plan;
    }

    @Override
    public SortedMap<String, Instant> expiries() {
        return expiries;
    }

    @Override
    public Set<String> notAllowed(Plan plan) {
        Set<String> names = new TreeSet<>(notAllowed);
        names.retainAll(plan.actions().stream().map(MachineChange::machine).toList());
        plan.actions()
                .stream()
                .filter(change -> change.disruption() == forbidden)
                .forEach(change -> names.add(change.machine()));
        return names;
    }

    @Override
    public SortedMap<String, String> failedJobs() {
        return failedJobs;
    }

    @Override
    public void ended(String machine) {
        triggers.accept(new Trigger.VmmEnded(machine));
    }

    @Override
    public Ledger execute(Plan plan, Duration most) {
        SequencedMap<String, Outcome> outcomes = new LinkedHashMap<>();
        plan.actions().forEach(change -> {
            done.add(change.disruption().word() + " " + change.machine());
            outcomes.put(change.machine(), outcome);
        });
        return new Ledger("lab", outcomes, Duration.ZERO);
    }

    @Override
    public Set<String> follow() throws IOException {
        Set<String> running = new TreeSet<>(changes.stream().map(MachineChange::machine).toList());
        running.removeAll(vanished);
        Runnable next = rounds.poll();
        if (next == null) {
            triggers.accept(new Trigger.Stop());
        } else {
            next.run();
        }
        return running;
    }

    private void watch() throws InterruptedException {
        new Watch(this, fleet("lab"), triggers, InstantSource.system(), Duration.ofMillis(1), events::add).run();
    }

    /** What the next round finds, when this one is over. */
    private void then(Runnable change) {
        rounds.add(change);
    }

    private void finds(MachineChange... found) {
        changes = List.of(found);
    }

    private static MachineChange dead(MachineSpec spec) {
        return new MachineChange(spec.name(), Disruption.START, "dead: killed",
                List.of(new FieldChange("state", "running", Optional.of("dead"), "running", Disruption.START, "gone",
                        "")),
                List.of(new Step.Start(spec)), Optional.of(spec), false, Optional.of(spec));
    }

    @Test
    void settlesOnceAndSaysSoOnce() throws Exception {
        finds(Plans.creation(A));
        then(() -> finds(Plans.running(A)));
        then(() -> {});
        then(() -> {});
        watch();
        assertEquals(List.of("create a"), done);
        assertEquals(List.of(new Event.Settled(1)), events);
    }

    @Test
    void saysHowManyRunWhenOneGoes() throws Exception {
        finds(Plans.running(A), Plans.running(B));
        then(() -> finds(Plans.running(A), Plans.destroy("b")));
        watch();
        assertEquals(List.of(new Event.Settled(2), new Event.Settled(1)), events);
    }

    @Test
    void endOfAVmmIsMendedAtOnceAndTheNextOneLater() throws Exception {
        finds(Plans.running(A), Plans.running(B));
        then(() -> finds(dead(A), Plans.running(B)));
        then(() -> finds(Plans.running(A), Plans.running(B)));
        then(() -> finds(dead(A), Plans.running(B)));
        watch();
        assertEquals(List.of("start a"), done, "the second end is not mended at once");
        assertTrue(events.contains(new Event.Noticed("a", "dead: killed")), events::toString);
        assertTrue(events.contains(new Event.Noticed("a", "dead: killed; it is started again in 1 s")),
                events::toString);
        assertTrue(events.getLast() instanceof Event.Degraded degraded
                && degraded.reasons().equals(List.of("a: dead: killed; it waits before the next try")),
                events::toString);
    }

    /** Nobody followed its VMM yet: the look that began it was not over. Nothing else would end the wait. */
    @Test
    void whoEndsWhileOthersComeUpIsMendedAtOnce() throws Exception {
        finds(Plans.creation(A), Plans.creation(B));
        then(() -> finds(dead(A), Plans.running(B)));
        then(() -> {
            finds(Plans.running(A), Plans.running(B));
            vanished.clear();
        });
        vanished.add("a");
        new Watch(this, fleet("lab"), triggers, InstantSource.system(), Duration.ofHours(1), events::add).run();
        assertEquals(List.of("create a", "create b", "start a"), done);
        assertEquals(new Event.Noticed("a", "dead: killed"), events.getFirst(), "it was not settled before");
    }

    @Test
    void aJobThatHasFailedIsSaid() throws Exception {
        finds(Plans.running(A), Plans.completed(B));
        failedJobs = new TreeMap<>(Map.of("b", "ended with exit code 3"));
        watch();
        assertEquals(List.of(new Event.Degraded(List.of("b: its job ended with exit code 3"))), events);
    }

    @Test
    void whatFailsIsTriedAgainAndOthersGoOn() throws Exception {
        outcome = new Outcome.Failed("no image", "", List.of());
        finds(Plans.creation(A), Plans.running(B));
        then(() -> {});
        then(() -> {
            outcome = new Outcome.Done();
            int failed = done.size();
            stopWhen(() -> done.size() > failed);
        });
        long begun = System.nanoTime();
        watch();
        // One more for each second at most: where this process is kept waiting for that long, one more fails before.
        long pauses = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
        assertTrue(done.size() >= 2 && done.size() <= 1 + pauses, () -> done + " within " + pauses + " s");
        assertEquals(Set.of("create a"), Set.copyOf(done));
        assertTrue(events.getFirst() instanceof Event.Degraded degraded
                && degraded.reasons().equals(List.of("a: no image; it waits before the next try")), events::toString);
        assertEquals(new Event.Settled(2), events.getLast());
    }

    /** Goes on, round by round, until it is so. */
    private void stopWhen(BooleanSupplier over) {
        then(() -> {
            if (over.getAsBoolean()) {
                triggers.accept(new Trigger.Stop());
            } else {
                stopWhen(over);
            }
        });
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void editIsAppliedAndABadOneLeavesTheLastGoodFleet() throws Exception {
        finds(Plans.running(A));
        then(() -> {
            written = Optional.empty();
            edited = true;
            finds(dead(A));
        });
        then(() -> {
            written = Optional.of(other("lab"));
            refusedFleets = Set.of(other("lab").policy().toString());
            edited = true;
            finds(Plans.creation(B));
        });
        then(() -> refusedFleets = Set.of());
        watch();
        assertEquals(List.of("read", "start a", "read", "create b", "create b"), done);
        assertEquals(List.of("the manifest is wrong; the last good one stays in force"),
                ((Event.Degraded) events.get(2)).reasons());
        assertEquals(List.of("the manifest as it was edited is refused; the last good one stays in force", "too large"),
                ((Event.Degraded) events.get(3)).reasons());
        assertTrue(events.getLast() instanceof Event.Settled, events::toString);
    }

    private static MachineChange mute(MachineSpec spec) {
        return new MachineChange(spec.name(), Disruption.RESTART, "its VMM does not answer", List.of(
                new FieldChange("state", "running", Optional.of("unresponsive"), "running", Disruption.RESTART, "",
                        "")),
                List.of(new Step.Stop(), new Step.Start(spec)), Optional.of(spec), true, Optional.of(spec));
    }

    @Test
    void oneSlowAnswerIsNoReasonToRestart() throws Exception {
        finds(mute(A));
        then(() -> finds(Plans.running(A)));
        then(() -> finds(mute(A)));
        then(() -> finds(mute(A)));
        then(() -> finds(mute(A)));
        watch();
        assertEquals(List.of("restart a"), done, "the third look in a row");
    }

    @Test
    void troubleOfOneMachineIsNotTheOthers() throws Exception {
        unfit.add("b");
        finds(dead(A), dead(B));
        watch();
        assertEquals(List.of("start a"), done);
        assertTrue(((Event.Degraded) events.getLast()).reasons().contains("b does not fit"), events::toString);
    }

    @Test
    void lookThatFailsIsNotTheLastOne() throws Exception {
        then(() -> {
            throw new IllegalStateException("no accelerator for a moment");
        });
        then(() -> {});
        watch();
        assertEquals(List.of(new Event.Degraded(List.of("this look failed: no accelerator for a moment")),
                new Event.Settled(0)), events);
    }

    @Test
    void manifestOfAnotherFleetChangesNothing() throws Exception {
        written = Optional.of(fleet("other"));
        then(() -> triggers.accept(new Trigger.Reread()));
        then(() -> {});
        then(() -> {});
        watch();
        assertEquals(1, events.size(), "it is wrong until it is edited again");
        assertEquals(List.of("the manifest is of fleet other now; fleet lab stays as it was"),
                ((Event.Degraded) events.getLast()).reasons());
    }

    @Test
    void whatNeedsAPersonsWordIsLeftAndTheRestIsDone() throws Exception {
        notAllowed.add("a");
        finds(Plans.destroy("a"), Plans.creation(B));
        watch();
        assertEquals(List.of("create b"), done);
        assertEquals(List.of("what is to be done to a needs a person's word (see --allow)"),
                ((Event.Degraded) events.getLast()).reasons());
    }

    /** What the manifest wants of it now would make it anew: that waits, but not the machine as it was. */
    @Test
    void whoWaitsForAPersonsWordIsHealedAsItIs() throws Exception {
        Fleet wanted = ManifestReader.read(new SourceText("machines.yaml",
                "version: 1\nfleet: lab\nmachines: { a: { labels: { new: x } } }\n"), new Problems()).orElseThrow();
        FleetMachine edited = wanted.machines().values().iterator().next();
        planned = fleet -> fleet.equals(wanted) ? List.of(new MachineChange("a", Disruption.RECREATE, "dead: killed",
                dead(A).fields(), List.of(new Step.DiscardOverlay(), new Step.Start(edited.spec())),
                Optional.of(edited.spec()), false, Optional.of(A)))
                : fleet.equals(wanted.with(edited, A)) ? List.of(dead(A)) : List.of();
        forbidden = Disruption.RECREATE;
        finds(Plans.running(A)); // whose VMM runs after the look
        new Watch(this, wanted, triggers, InstantSource.system(), Duration.ofMillis(1), events::add).run();
        assertEquals(List.of("start a"), done);
        assertEquals(List.of("what is to be done to a needs a person's word (see --allow)"),
                ((Event.Degraded) events.getLast()).reasons());
    }

    /** By the clock that was set back the pause of a second would last three hours. */
    @Test
    void aClockThatIsSetBackMakesNobodyWaitLonger() throws Exception {
        Duration[] back = {Duration.ZERO};
        finds(Plans.running(A));
        then(() -> finds(dead(A)));
        then(() -> finds(Plans.running(A)));
        then(() -> finds(dead(A))); // for the second time: it waits
        then(() -> back[0] = Duration.ofHours(3));
        then(() -> sleep(1100));
        then(() -> {});
        new Watch(this, fleet("lab"), triggers, () -> Instant.now().minus(back[0]), Duration.ofMillis(1), events::add)
                .run();
        assertEquals("start a", done.getFirst());
        assertTrue(done.size() > 1, done::toString);
    }

    private static MachineChange expired(String machine) {
        return new MachineChange(machine, Disruption.DESTROY, "expired at T, ttl 1s",
                List.of(new FieldChange("lifetime", "1s", Optional.of("over"), "over", Disruption.DESTROY, "", "")),
                List.of(new Step.Stop(), new Step.Remove(false)), Optional.empty(), true, Optional.of(A));
    }

    @Test
    void whoseTimeIsOverGoesAndThatIsSaid() throws Exception {
        finds(expired("a"));
        watch();
        assertEquals(List.of("destroy a"), done);
        assertEquals(new Event.Noticed("a", "expired at T, ttl 1s; it goes, its persistent disks are kept"),
                events.getFirst());
    }

    /** It wakes up for the end of a lifetime, not by chance of the interval, which is an hour here. */
    @Test
    void theNextExpiryEndsTheWait() throws Exception {
        expiries = new TreeMap<>(Map.of("a", Instant.now().plusMillis(300)));
        then(() -> done.add("first"));
        then(() -> triggers.accept(new Trigger.Stop()));
        new Watch(this, fleet("lab"), triggers, InstantSource.system(), Duration.ofHours(1), events::add).run();
        assertEquals(List.of("first"), done);
    }

    /** As when a boot takes longer than the machine is to live: nothing else would end the wait. */
    @Test
    void whatFallsDueDuringALookIsNotForgotten() throws Exception {
        expiries = new TreeMap<>(Map.of("a", Instant.now().plusMillis(200)));
        finds(Plans.running(A));
        then(() -> sleep(400));
        then(() -> triggers.accept(new Trigger.Stop()));
        new Watch(this, fleet("lab"), triggers, InstantSource.system(), Duration.ofHours(1), events::add).run();
        assertEquals(new Event.Settled(1), events.getFirst());
    }

    /** A manifest that is refused is planned for in each look, and so is the last good one. */
    @Test
    void twoPlansOfOneLookCountASilenceOnce() throws Exception {
        finds(mute(A));
        edited = true;
        written = Optional.of(other("lab"));
        refusedFleets = Set.of(other("lab").policy().toString());
        then(() -> {});
        watch();
        assertEquals(List.of("read"), done);
    }

    @Test
    void whoIsProtectedStaysAndTheFleetIsDegraded() throws Exception {
        Instant end = Instant.now().minusSeconds(5);
        expiries = new TreeMap<>(Map.of("a", end));
        finds(new MachineChange("a", Disruption.KEEP, "", List.of(), List.of(), Optional.of(A), true, Optional.of(A)));
        watch();
        assertEquals(List.of(), done);
        assertEquals(List.of(new Event.Degraded(List.of("a expired at " + end + " and is protected"))), events);
    }
}

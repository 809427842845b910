package dev.provision.planner.plan;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;

import static dev.provision.planner.Specs.fleet;
import static dev.provision.planner.Specs.host;
import static dev.provision.planner.Specs.observed;
import static dev.provision.planner.Specs.running;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LifetimesTest {

    private static final Instant MADE = Instant.parse("2026-01-02T03:00:00Z");
    private static final Instant OVER = MADE.plusSeconds(7200);
    private static final Fleet TWO_HOURS = fleet("machines: {a: {ttl: 2h}}");

    private static MachineSpec spec(Fleet fleet) {
        return Objects.requireNonNull(fleet.machines().get("a")).spec();
    }

    private static ObservedMachine there(Fleet applied) {
        return new ObservedMachine("a", running(spec(applied)), Optional.of(spec(applied)), Optional.empty())
                .createdAt(MADE);
    }

    private static Plan plan(Fleet fleet, ObservedFleet observed, Lifetimes lifetimes) {
        return Planner.converge(fleet, observed, host(8, 16), Scope.ALL.at(lifetimes));
    }

    private static MachineChange change(Fleet fleet, ObservedFleet observed, Lifetimes lifetimes) {
        return plan(fleet, observed, lifetimes).changes().getFirst();
    }

    private static Lifetimes watch(Instant now) {
        return Lifetimes.unattended(now, new TreeMap<>());
    }

    @Test
    void itsTimeIsOverWithTheInstantAndNotBefore() {
        ObservedFleet observed = observed(there(TWO_HOURS));
        assertEquals(Disruption.KEEP,
                change(TWO_HOURS, observed, watch(OVER.minusMillis(1))).disruption());
        assertEquals(Disruption.DESTROY, change(TWO_HOURS, observed, watch(OVER)).disruption());
        assertEquals(Map.of("a", OVER), Lifetimes.ends(TWO_HOURS, observed));
    }

    @Test
    void aPersonsPlanBeginsANewLifeAndKeepsTheStorage() {
        MachineChange change = change(TWO_HOURS, observed(there(TWO_HOURS)), Lifetimes.attended(OVER));
        assertEquals(Disruption.RECREATE, change.disruption());
        assertEquals("expired at 2026-01-02T05:00:00Z, ttl 2h", change.reason());
        assertTrue(change.steps().contains(new Step.Remove(false)));
        assertTrue(change.boots());
        assertFalse(Permission.DEFAULT.allows(change), "what is in its overlay is lost");
    }

    @Test
    void withoutAPersonItGoesAndNobodyNeedsToAllowThat() {
        MachineChange change = change(TWO_HOURS, observed(there(TWO_HOURS)), watch(OVER));
        assertEquals(List.of(new Step.Stop(), new Step.Remove(false)), change.steps());
        assertTrue(change.isExpiry());
        assertTrue(new Permission(Set.of()).allows(change));
    }

    @Test
    void itStaysAwayUntilItsEntryChangesOrAPersonApplies() {
        Lifetimes ended = Lifetimes.unattended(OVER, new TreeMap<>(Map.of("a", spec(TWO_HOURS))));
        MachineChange away = change(TWO_HOURS, observed(), ended);
        assertEquals(Optional.of(OutOfScope.EXPIRED), away.outOfScope());
        assertEquals(List.of(), away.steps());
        assertEquals(Disruption.CREATE,
                change(fleet("machines: {a: {ttl: 2h, env: {A: b}}}"), observed(), ended).disruption());
        assertEquals(Disruption.CREATE, change(TWO_HOURS, observed(), Lifetimes.attended(OVER)).disruption());
    }

    /** What the manifest wants now counts, so a longer life can be given before the end, and also after it. */
    @Test
    void whatIsWantedNowCounts() {
        ObservedFleet observed = observed(there(TWO_HOURS));
        assertEquals(Disruption.LIVE,
                change(fleet("machines: {a: {ttl: 3h}}"), observed, watch(OVER)).disruption());
        assertEquals(Disruption.LIVE, change(fleet("machines: {a: {}}"), observed, watch(OVER)).disruption());
        assertTrue(change(fleet("machines: {a: {ttl: 1h}}"), observed, watch(MADE.plusSeconds(3600))).isExpiry());
    }

    @Test
    void whoseAgeNobodyKnowsDoesNotExpire() {
        ObservedMachine old = new ObservedMachine("a", running(spec(TWO_HOURS)), Optional.of(spec(TWO_HOURS)),
                Optional.empty());
        assertEquals(Disruption.KEEP, change(TWO_HOURS, observed(old), watch(OVER.plusSeconds(9999))).disruption());
    }

    @Test
    void whoIsProtectedIsRefusedToAPersonAndLeftByAWatch() {
        Fleet kept = fleet("machines: {a: {ttl: 2h, protect: true}}");
        Plan persons = plan(kept, observed(there(kept)), Lifetimes.attended(OVER));
        assertEquals(List.of(Code.MACHINE_PROTECTED), persons.problems().stream().map(p -> p.code()).toList());
        Plan watchs = plan(kept, observed(there(kept)), watch(OVER));
        assertFalse(watchs.isRefused());
        assertEquals(Disruption.KEEP, watchs.changes().getFirst().disruption());
    }

    @Test
    void whatIsNotInTheManifestGoesAnyway() {
        MachineChange change = change(fleet("machines: {}"), observed(there(TWO_HOURS)), Lifetimes.attended(OVER));
        assertEquals(Disruption.DESTROY, change.disruption());
        assertFalse(change.isExpiry(), "this needs a person's word as ever");
    }
}

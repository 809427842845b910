package dev.provision.provisioner.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

import dev.provision.hypervisor.host.accelerator.AcceleratorRequest;
import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.schedule.Schedule;
import dev.provision.provisioner.plans.PlanReader;
import dev.provision.provisioner.plans.SavedPlan;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SavedPlanOptionsTest {

    private static Plan plan(Accelerator accelerator, List<Diagnostic> problems) {
        MachineChange gone = new MachineChange("a", Disruption.DESTROY, "", List.of(), List.of(), Optional.empty(),
                true, Optional.empty());
        return new Plan("shop", new AcceleratorChoice(accelerator, ""), new ResourcePool(Share.NOTHING, 1, "fixed"),
                List.of(gone), Schedule.EMPTY, problems);
    }

    private static AcceleratorRequest request(Plan plan, String... arguments) {
        AcceleratorOption option = new AcceleratorOption();
        return option.requestFor(plan,
                new CommandLine(option).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments));
    }

    @ParameterizedTest
    @EnumSource(Accelerator.class)
    void acceleratorIsThePlansUnlessAnotherIsNamed(Accelerator accelerator) {
        Plan plan = plan(accelerator, List.of());
        assertEquals(accelerator.name(), request(plan).name());
        assertEquals(AcceleratorRequest.AUTO, request(plan, "--accel", "auto"));
        assertEquals(AcceleratorRequest.TCG, request(plan, "--accel=tcg"));
    }

    private static ExitCode code(Plan plan, String... arguments) {
        DetailedExitCode option = new DetailedExitCode();
        new CommandLine(option).parseArgs(arguments);
        return option.of(plan);
    }

    @Test
    void exitCodeTellsHowMuchOnlyWhenAsked() {
        Plan destroys = plan(Accelerator.TCG, List.of());
        assertEquals(ExitCode.OK, code(destroys));
        assertEquals(ExitCode.DESTRUCTIVE, code(destroys, "--detailed-exitcode"));
        Plan tooLarge = plan(Accelerator.TCG, List.of(Diagnostic.error(Code.FLEET_EXCEEDS_POOL, "too large")));
        assertEquals(ExitCode.REFUSED, code(tooLarge));
        assertEquals(ExitCode.OVER_CAPACITY, code(tooLarge, "--detailed-exitcode"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"live,none | stand alone", "all,live | stand alone",
        "start | need not be allowed",
        "live,start | need not be allowed", "fast | is none of create, live"})
    void whatCannotBeAllowedIsSaidWhy(String classes, String why) {
        Typed typed = Typed.run("plan", "--allow", classes, "nowhere.yaml");
        assertEquals(2, typed.exitCode());
        assertTrue(typed.err().contains(why), typed.err());
        assertEquals(3, Typed.run("plan", "--allow", "none", "nowhere.yaml").exitCode());
    }

    @Test
    void planThatCannotBeWrittenIsSaidInWords() {
        SavedPlan saved = SavedPlan.unbound(plan(Accelerator.TCG, List.of()));
        CommandFailedException failure = assertThrows(CommandFailedException.class,
                () -> PlanFile.write(Path.of("no", "such", "plan.json"), saved));
        assertEquals("the plan cannot be written: there is no folder `" + Path.of("no", "such").toAbsolutePath() + "`",
                failure.getMessage());
    }

    @Test
    void planThatSomebodyEditedIsNamed() {
        SavedPlan unsaved = SavedPlan.unbound(plan(Accelerator.TCG, List.of()));
        SavedPlan saved = new SavedPlan(unsaved.plan(), unsaved.binding(), Optional.of(Instant.EPOCH));
        Path file = Path.of("plan.json");
        assertEquals(Optional.of("`plan.json` is not as `plan --out` wrote it"),
                SavedPlans.edited(file, new PlanReader.Read(saved, "", false)).map(Diagnostic::what));
        assertTrue(SavedPlans.edited(file, new PlanReader.Read(unsaved, "", true)).isPresent(), "only printed");
        assertEquals(Optional.empty(), SavedPlans.edited(file, new PlanReader.Read(saved, "", true)));
    }

    @Test
    void whatIsCarriedOutHasNoDetailedExitCode() {
        Typed typed = Typed.run("apply", "--detailed-exitcode", "nowhere.yaml");
        assertEquals(2, typed.exitCode());
        assertTrue(typed.err().contains("add --dry-run"), typed.err());
        assertEquals(3, Typed.run("apply", "--detailed-exitcode", "--dry-run", "nowhere.yaml").exitCode());
    }
}

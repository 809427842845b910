package dev.provision.provisioner.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.store.FleetLock;
import dev.provision.planner.plan.Permission;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.views.Json;
import dev.provision.schema.fleet.Fleet;

/** {@code provision apply}: plan, show, ask, converge. */
@Command(name = "apply", mixinStandardHelpOptions = true, description = "Converges the host to the manifest: creates, resizes, restarts, destroys machines.", footerHeading = "%nExamples:%n", footer = {
    "  provision apply", "  provision apply --yes -o json staging.yaml"})
final class ApplyCommand implements Callable<Integer> {

    @Mixin
    private ManifestArgument manifest = new ManifestArgument();

    @Mixin
    private PoolOptions pool = new PoolOptions();

    @Mixin
    private ScopeOptions scope = new ScopeOptions();

    @Mixin
    private AcceleratorOption accelerator = new AcceleratorOption();

    @Mixin
    private Confirmation confirmation = new Confirmation();

    @Mixin
    private ProblemOutput output = new ProblemOutput();

    @Option(names = "--dry-run", description = "the same as plan")
    private boolean dryRun;

    @Mixin
    private DetailedExitCode exitCode = new DetailedExitCode();

    @Override
    public Integer call() throws Exception {
        Planning planning = new Planning(manifest, pool, scope, accelerator, output);
        if (dryRun) {
            return planning.show(exitCode.isDetailed()).number();
        }
        Optional<Fleet> fleet = planning.fleet(output::problemsOfRun);
        if (fleet.isEmpty()) {
            return ExitCode.INVALID.number();
        }
        Site site = Site.ofThisHost(accelerator.request());
        Driver driver = site.driver();
        try (FleetLock _ = site.lock(fleet.get().name(), "provision apply " + manifest.name())) {
            return converge(planning, planning.plan(fleet.get(), site, driver), site, driver).number();
        }
    }

    private ExitCode converge(Planning planning, Plan planned, Site site, Driver driver) {
        Permission unasked = scope.withoutAsking();
        Plan plan = confirmation.isGivenBeforehand() ? unasked.check(planned) : planned;
        if (output.isJson()) {
            output.line(Json.planned(plan));
        } else {
            planning.show(plan);
        }
        if (plan.isRefused()) {
            if (output.isJson()) {
                output.line(Json.invalid(ExitCode.REFUSED.number(), ExitCode.REFUSED.meaning(), plan.problems()));
            }
            return ExitCode.REFUSED;
        }
        if (!plan.actions().isEmpty()) {
            confirmation.require(question(plan, unasked), output);
        } else if (!output.isJson()) {
            return ExitCode.OK;
        }
        return new Run(driver, output, site.timekeeper(plan.fleet())).execute(plan);
    }

    /** What is not allowed without asking is asked for by name. */
    private static String question(Plan plan, Permission unasked) {
        String more = plan.actions()
                .stream()
                .filter(change -> !unasked.allows(change))
                .map(change -> change.disruption().word() + " " + change.machine())
                .collect(Collectors.joining(", "));
        return more.isEmpty() ? "Apply these changes?" : "Apply these changes, which " + more + "?";
    }
}

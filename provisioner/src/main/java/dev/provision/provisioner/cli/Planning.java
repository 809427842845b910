package dev.provision.provisioner.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.DriverException;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Planner;
import dev.provision.provisioner.views.Json;
import dev.provision.provisioner.views.PlanText;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Fleet;

/** The way from manifest to plan that {@code plan} and {@code apply} share: read, observe, plan, show. */
final class Planning {

    private final ManifestArgument manifest;
    private final PoolOptions pool;
    private final ScopeOptions scope;
    private final AcceleratorOption accelerator;
    private final ProblemOutput output;
    private List<Diagnostic> ofManifest = List.of();

    Planning(ManifestArgument manifest, PoolOptions pool, ScopeOptions scope, AcceleratorOption accelerator,
            ProblemOutput output) {
        this.manifest = manifest;
        this.pool = pool;
        this.scope = scope;
        this.accelerator = accelerator;
        this.output = output;
    }

    /** The manifest's fleet; absent when it has errors, which have then been shown. */
    Optional<Fleet> fleet(Consumer<List<Diagnostic>> view) {
        Problems problems = new Problems();
        Optional<Fleet> fleet = manifest.readForThisHost(Directories.ofEnvironment(System.getenv()).devices(),
                problems);
        ofManifest = problems.sorted();
        if (fleet.isEmpty()) {
            view.accept(ofManifest);
        }
        return fleet.map(pool::applyTo);
    }

    /**
     * Shows the plan and changes nothing.
     *
     * @param detailed
     *            the exit code tells how much the plan would disturb
     */
    ExitCode show(boolean detailed) throws IOException, DriverException, InterruptedException {
        Optional<Fleet> fleet = fleet(output::problems);
        if (fleet.isEmpty()) {
            return ExitCode.INVALID;
        }
        Site site = Site.ofThisHost(accelerator.request());
        Plan plan = plan(fleet.get(), site, site.driver());
        show(plan);
        return detailed ? ExitCode.detailed(plan) : plan.isRefused() ? ExitCode.REFUSED : ExitCode.OK;
    }

    /** The plan, with what is to be said about the manifest and of what is not allowed among its problems. */
    Plan plan(Fleet fleet, Site site, Driver driver) throws IOException, DriverException, InterruptedException {
        Plan plan = Planner
                .converge(fleet, driver.observe(fleet.name()), site.host(fleet), scope.scope())
                .withProblems(ofManifest);
        return scope.explicit().map(permission -> permission.check(plan)).orElse(plan);
    }

    void show(Plan plan) {
        if (output.isJson()) {
            output.out().println(Json.pretty(Json.plan(plan)));
            output.out().flush();
            return;
        }
        new PlanText(output.out(), output.palette()).print(plan);
        output.out().flush();
        output.problems(plan.problems());
    }
}

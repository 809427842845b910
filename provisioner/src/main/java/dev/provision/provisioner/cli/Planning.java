package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.FleetObserver;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.plan.Lifetimes;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Planner;
import dev.provision.planner.plan.Scope;
import dev.provision.provisioner.plans.Binding;
import dev.provision.provisioner.plans.Fingerprint;
import dev.provision.provisioner.plans.PlanJson;
import dev.provision.provisioner.plans.SavedPlan;
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
    private SortedMap<String, String> beforeReading = new TreeMap<>();

    Planning(ManifestArgument manifest, PoolOptions pool, ScopeOptions scope, AcceleratorOption accelerator,
            ProblemOutput output) {
        this.manifest = manifest;
        this.pool = pool;
        this.scope = scope;
        this.accelerator = accelerator;
        this.output = output;
    }

    /** The manifest's fleet; absent when it has errors, which have then been shown. */
    Optional<Fleet> fleet(Consumer<List<Diagnostic>> view) throws IOException {
        beforeReading = PlanFile.digests(manifest.sources(catalogue()));
        Problems problems = new Problems();
        Optional<Fleet> fleet = manifest.readForThisHost(catalogue(),
                problems);
        ofManifest = problems.sorted();
        if (fleet.isEmpty()) {
            view.accept(ofManifest);
        }
        return fleet.map(pool::applyTo);
    }

    private static Path catalogue() {
        return Directories.ofEnvironment(System.getenv()).devices();
    }

    /**
     * Shows the plan and changes nothing.
     *
     * @param detailed
     *            the exit code tells how much the plan would disturb
     * @param out
     *            where to write the plan too, unless it is refused
     */
    ExitCode show(boolean detailed, @Nullable Path out) throws IOException, DriverException, InterruptedException {
        return show(detailed, out, this::show);
    }

    /** As {@link #show(boolean, Path)}, in another form. */
    ExitCode show(boolean detailed, @Nullable Path out, Consumer<SavedPlan> view)
            throws IOException, DriverException, InterruptedException {
        Optional<Fleet> fleet = fleet(output::problems);
        if (fleet.isEmpty()) {
            return ExitCode.INVALID;
        }
        Site site = Site.toLookAt(accelerator.request());
        SavedPlan saved = plan(fleet.get(), site, site.observer());
        Plan plan = saved.plan();
        view.accept(saved);
        FleetSession.cutShort(site.directories().layout(), plan.fleet())
                .ifPresent(cut -> output.note("note: " + cut.sentence()));
        if (out != null && !plan.isRefused()) {
            PlanFile.write(out, new SavedPlan(plan, saved.binding(), Optional.of(Instant.now())));
            output.note("the plan is in " + out + "; what it says is done by: provision apply " + out);
        }
        return detailed ? ExitCode.detailed(plan) : plan.isRefused() ? ExitCode.REFUSED : ExitCode.OK;
    }

    /** The plan, with what is to be said about the manifest and of what is not allowed among its problems. */
    SavedPlan plan(Fleet fleet, Site site, FleetObserver machines)
            throws IOException, DriverException, InterruptedException {
        return plan(fleet, site, machines, Lifetimes.attended(Instant.now()));
    }

    /** The same, where somebody else says whose time is over. */
    SavedPlan plan(Fleet fleet, Site site, FleetObserver machines, Lifetimes lifetimes)
            throws IOException, DriverException, InterruptedException {
        ObservedFleet observed = machines.observe(fleet.name());
        Planner.Host host = host(fleet, observed, site);
        Plan plan = (scope.isRefreshOnly() ? Planner.refresh(fleet, observed, host, scope.scope())
                : Planner.converge(fleet, observed, host, scope.scope().at(lifetimes))).withProblems(ofManifest);
        Binding binding = new Binding(PlanFile.unchanged(beforeReading, manifest.sources(catalogue())),
                Fingerprint.of(observed),
                Fingerprint.of(host, plan));
        return new SavedPlan(scope.explicit().map(permission -> permission.check(plan)).orElse(plan), binding,
                Optional.empty());
    }

    /**
     * What a watch knows after a look.
     *
     * @param expiries
     *            when the time of each machine that is there and has one is over, by name
     */
    record Look(Plan plan, SortedMap<String, Instant> expiries, ObservedFleet observed) {}

    /** The plan that does nothing to these machines, whatever is allowed; bound to nothing, carried out without a person's word. */
    Look lookBeside(Set<String> heldBack, Fleet fleet, Site site, FleetObserver machines)
            throws IOException, DriverException, InterruptedException {
        ObservedFleet observed = machines.observe(fleet.name());
        Scope now = scope.scope().holdingBack(heldBack).at(Expirations.unattended(site, fleet));
        return new Look(Planner.converge(fleet, observed, host(fleet, observed, site), now),
                Lifetimes.ends(fleet, observed), observed);
    }

    private Planner.Host host(Fleet fleet, ObservedFleet observed, Site site) throws IOException {
        return site.naming(manifest.deviceNames(catalogue())).host(fleet, observed);
    }

    /** The manifest is another text than when it was read. */
    boolean isEdited() throws IOException {
        return !PlanFile.digests(manifest.sources(catalogue())).equals(beforeReading);
    }

    /** The files that the manifest is made of. */
    Set<Path> sources() {
        return manifest.sources(catalogue());
    }

    void show(SavedPlan saved) {
        Plan plan = saved.plan();
        if (output.isJson()) {
            output.out().println(Json.pretty(PlanJson.document(saved)));
            output.out().flush();
            return;
        }
        new PlanText(output.out(), output.palette()).print(plan);
        output.out().flush();
        output.problems(plan.problems());
    }
}

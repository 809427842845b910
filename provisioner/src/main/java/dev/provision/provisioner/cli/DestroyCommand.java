package dev.provision.provisioner.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.host.accelerator.AcceleratorRequest;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Planner;
import dev.provision.provisioner.plans.PlanJson;
import dev.provision.provisioner.plans.SavedPlan;
import dev.provision.provisioner.views.PlanText;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Fleet;

/** {@code provision destroy}: takes a fleet's machines away. */
@Command(name = "destroy", mixinStandardHelpOptions = true, description = "Takes the fleet's machines away; their storage only with --storage.", footerHeading = "%nExamples:%n", footer = {
    "  provision destroy", "  provision destroy --fleet lab --target web-2 --yes",
    "  provision destroy --storage staging.yaml"})
final class DestroyCommand implements Callable<Integer> {

    @Mixin
    private ManifestArgument manifest = new ManifestArgument();

    @Mixin
    private RunOptions run = new RunOptions();

    @Mixin
    private Confirmation confirmation = new Confirmation();

    @Mixin
    private ProblemOutput output = new ProblemOutput();

    @Option(names = "--fleet", paramLabel = "FLEET", description = "the fleet's name; no manifest is read then")
    private @Nullable String fleetName;

    @Option(names = "--target", paramLabel = "NAME", description = "only this machine; may be repeated")
    private List<String> targets = List.of();

    @Option(names = "--storage", description = "remove persistent storage too, also what earlier machines left")
    private boolean storage;

    @Override
    public Integer call() throws Exception {
        return run.reports()
                .around("destroy", () -> fleetName == null ? manifest.sourcesHere() : Set.of(), this::destroy);
    }

    private int destroy() throws Exception {
        if (fleetName == null && manifest.isLeftToChance()) {
            throw new CommandFailedException(ExitCode.USAGE, "there is no machines.yaml here that names the fleet",
                    "name a manifest, or the fleet: provision destroy --fleet FLEET");
        }
        Optional<String> name = fleetName != null ? Optional.of(fleetName) : nameInManifest();
        if (name.isEmpty()) {
            return ExitCode.INVALID.number();
        }
        Site site = Site.ofThisHost(AcceleratorRequest.TCG);
        Driver driver = site.driver();
        try (FleetSession session = FleetSession.open(site, name.get(), run, output)) {
            ObservedFleet observed = driver.observe(name.get());
            checkTargets(observed);
            if (fleetName != null) {
                unknown(observed, site.store().fleets()).ifPresent(output::note);
            }
            Plan plan = Planner.destroy(observed, Set.copyOf(targets), storage, site.host(name.get()));
            ExitCode code = destroy(plan, driver, session);
            if (code == ExitCode.OK) {
                Expirations.forget(plan, site);
                if (targets.isEmpty()) {
                    Expirations.forgetAll(name.get(), site);
                }
            }
            return code.number();
        }
    }

    /** A fleet that is gone already needs nothing; one that was never there may be misspelt. */
    static Optional<String> unknown(ObservedFleet observed, SortedSet<String> fleets) {
        boolean isKnown = fleets.contains(observed.fleet()) || !observed.machines().isEmpty()
                || !observed.storageKept().isEmpty();
        return isKnown ? Optional.empty()
                : Optional.of("note: nothing is known of a fleet " + observed.fleet() + " here; "
                        + (fleets.isEmpty() ? "there are no fleets" : "there are: " + String.join(", ", fleets)));
    }

    private Optional<String> nameInManifest() {
        Problems problems = new Problems();
        Optional<Fleet> fleet = manifest.read(problems);
        if (fleet.isEmpty()) {
            output.problemsOfRun(problems.sorted());
            run.reports().found(problems.sorted());
        }
        return fleet.map(Fleet::name);
    }

    private void checkTargets(ObservedFleet observed) {
        TreeSet<String> unknown = new TreeSet<>(targets);
        unknown.removeAll(observed.machines().keySet());
        unknown.removeAll(observed.storageKept().keySet());
        if (!unknown.isEmpty()) {
            throw new CommandFailedException(ExitCode.USAGE,
                    "fleet " + observed.fleet() + " has no machine " + String.join(", ", unknown),
                    "see provision status");
        }
    }

    private ExitCode destroy(Plan plan, Driver driver, FleetSession session) {
        if (output.isJson()) {
            output.line(PlanJson.planned(SavedPlan.unbound(plan)));
        } else {
            new PlanText(output.out(), output.palette()).print(plan);
            output.problems(plan.problems());
        }
        if (plan.isRefused()) {
            session.report(plan);
            return output.refused(plan);
        }
        if (!plan.actions().isEmpty()) {
            confirmation.require(storage ? "Destroy these machines and their storage?" : "Destroy these machines?",
                    output);
        } else if (!output.isJson()) {
            session.report(plan);
            return ExitCode.OK;
        }
        return new Run(driver, output, _ -> {}, session, session.commandLine()).execute(plan);
    }
}

package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.host.accelerator.AcceleratorRequest;
import dev.provision.planner.plan.Lifetimes;
import dev.provision.planner.plan.Permission;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.plans.PlanJson;
import dev.provision.provisioner.plans.PlanReader;
import dev.provision.provisioner.plans.SavedPlan;
import dev.provision.provisioner.views.PlanText;
import dev.provision.schema.fleet.Fleet;

/** {@code provision apply}: plan, show, ask, converge. */
@Command(name = "apply", mixinStandardHelpOptions = true, description = "Converges the host to the manifest: creates, resizes, restarts, destroys machines.", footerHeading = "%nExamples:%n", footer = {
    "  provision apply", "  provision apply --yes -o json staging.yaml",
    "  provision apply --yes --wait=completed --report junit=jobs.xml", "  provision apply plan.json"})
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
    private RunOptions run = new RunOptions();

    @Mixin
    private WaitOption wait = new WaitOption();

    @Mixin
    private WatchOptions watch = new WatchOptions();

    @Mixin
    private Confirmation confirmation = new Confirmation();

    @Mixin
    private ProblemOutput output = new ProblemOutput();

    @Option(names = "--dry-run", description = "the same as plan")
    private boolean dryRun;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private DetailedExitCode exitCode = new DetailedExitCode();

    @Override
    public Integer call() throws Exception {
        return run.reports().around("apply", manifest::sourcesHere, this::apply);
    }

    private int apply() throws Exception {
        if (exitCode.isDetailed() && !dryRun) {
            throw new CommandFailedException(ExitCode.USAGE,
                    "--detailed-exitcode tells what a plan would do, and this one would be carried out",
                    "use provision plan --detailed-exitcode, or add --dry-run");
        }
        Optional<Path> saved = manifest.savedPlan();
        watch.check(dryRun, "--dry-run");
        watch.check(scope.isRefreshOnly(), "--refresh-only");
        watch.check(scope.isReplacing(), "--replace");
        watch.check(saved.isPresent(), "a saved plan");
        watch.check(wait.isForCompletion(), "--wait=completed");
        watch.checkReport(run.reports().areAsked());
        if (dryRun && run.reports().areAsked()) {
            throw new CommandFailedException(ExitCode.USAGE, "--report tells what was done, and --dry-run does nothing",
                    "leave one of them out");
        }
        if (saved.isPresent()) {
            return applySaved(saved.get()).number();
        }
        Planning planning = new Planning(manifest, pool, scope, accelerator, output);
        if (dryRun) {
            return planning.show(exitCode.isDetailed(), null).number();
        }
        Optional<Fleet> fleet = planning.fleet(problems -> {
            output.problemsOfRun(problems);
            run.reports().found(problems);
        });
        if (fleet.isEmpty()) {
            return ExitCode.INVALID.number();
        }
        Site site = Site.ofThisHost(accelerator.request());
        Driver driver = site.driver();
        try (FleetSession session = FleetSession.open(site, fleet.get().name(), run, output)) {
            if (watch.isWatch()) {
                confirmation.require("Converge fleet " + fleet.get().name() + " whenever it must, without asking?",
                        output);
                return new WatchRun(planning, accelerator.request(), scope.withoutAsking(), output, session,
                        fleet.get(), watch).run().number();
            }
            Lifetimes lifetimes = watch.isOnceDrifted() ? Expirations.unattended(site, fleet.get())
                    : Lifetimes.attended(Instant.now());
            session.lookForFailedJobs(driver, fleet.get().name());
            return converge(planning.plan(fleet.get(), site, driver, lifetimes), session, plan -> {
                Expirations.before(plan, fleet.get(), site);
                return run(plan, site, driver, session, session.commandLine());
            }).number();
        }
    }

    private ExitCode applySaved(Path file) throws Exception {
        checkSavedOptions();
        PlanReader.Read read = PlanFile.read(file);
        String fleet = read.saved().plan().fleet();
        run.reports()
                .spare(read.saved().binding().manifest().keySet().stream().map(Path::of).collect(Collectors.toSet()));
        AcceleratorRequest request = accelerator.requestFor(read.saved().plan(), spec.commandLine().getParseResult());
        if (dryRun) {
            Site lookedAt = Site.toLookAt(request);
            SavedPlan renewed = permitted(new SavedPlans(lookedAt).renewed(file, read, lookedAt.observer()));
            show(renewed);
            return exitCode.of(renewed.plan());
        }
        Site site = Site.ofThisHost(request);
        Driver driver = site.driver();
        try (FleetSession session = FleetSession.open(site, fleet, run, output)) {
            session.lookForFailedJobs(driver, fleet);
            SavedPlans plans = new SavedPlans(site);
            return converge(permitted(plans.renewed(file, read, driver)), session, plan -> {
                plans.use(read);
                Expirations.forget(plan, site);
                return run(plan, site, driver, session, "provision plan --out " + RunOptions.quoted(file.toString())
                        + " && " + session.commandLine());
            });
        }
    }

    /** A plan that was made elsewhere, held to what {@code --allow} says here. */
    private SavedPlan permitted(SavedPlan saved) {
        return scope.explicit()
                .map(permission -> saved.with(permission.check(saved.plan())))
                .orElse(saved);
    }

    /** What a saved plan has decided already. */
    private void checkSavedOptions() {
        Stream.of("--cpus", "--mem", "--parallelism", "--target", "--replace", "--prune", "--refresh-only", "--var",
                "--var-file",
                "--devices")
                .filter(spec.commandLine().getParseResult()::hasMatchedOption)
                .findFirst()
                .ifPresent(option -> {
                    throw new CommandFailedException(ExitCode.USAGE, option + " says what to plan, and this is a plan",
                            "give it to `provision plan --out`");
                });
    }

    private ExitCode run(Plan plan, Site site, Driver driver, FleetSession session, String resume) {
        return new Run(driver, output, site.timekeeper(plan), session, resume).execute(plan, jobs(plan));
    }

    /** The jobs whose ends it waits for. */
    private Set<String> jobs(Plan plan) {
        return wait.jobs(plan, _ -> true);
    }

    /** What to do when nothing stands between a plan and its execution any more. */
    @FunctionalInterface
    private interface Execution {
        ExitCode of(Plan plan) throws IOException;
    }

    private void show(SavedPlan saved) {
        if (output.isJson()) {
            output.line(PlanJson.planned(saved));
        } else {
            new PlanText(output.out(), output.palette()).print(saved.plan());
            output.problems(saved.plan().problems());
        }
    }

    private ExitCode converge(SavedPlan planned, FleetSession session, Execution execution) throws IOException {
        Permission unasked = scope.withoutAsking();
        // What --allow says was looked at with the plan; what holds without it depends on whether somebody is asked.
        boolean unattended = (confirmation.isGivenBeforehand() || watch.isOnceDrifted()) && scope.explicit().isEmpty();
        Plan plan = unattended ? unasked.check(planned.plan()) : planned.plan();
        if (watch.isOnceDrifted() && plan.actions().isEmpty() && !plan.isRefused()) {
            session.report(plan);
            return ExitCode.OK;
        }
        show(planned.with(plan));
        if (plan.isRefused()) {
            session.report(plan);
            return output.refused(plan);
        }
        if (!plan.actions().isEmpty() && !watch.isOnceDrifted()) {
            confirmation.require(question(plan, unasked), output);
        } else if (plan.actions().isEmpty() && !output.isJson() && jobs(plan).isEmpty()) {
            session.report(plan);
            return ExitCode.OK;
        }
        return execution.of(plan);
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

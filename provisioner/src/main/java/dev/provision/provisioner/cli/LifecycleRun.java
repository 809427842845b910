package dev.provision.provisioner.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.MachineId;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.plan.LifecyclePlanner;
import dev.provision.planner.plan.LifecyclePlanner.Action;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.plans.PlanJson;
import dev.provision.provisioner.plans.SavedPlan;
import dev.provision.schema.fleet.MachineSpec;

/** What {@code start}, {@code stop} and {@code restart} share. */
final class LifecycleRun {

    @Parameters(index = "0", arity = "1..*", paramLabel = "NAME", description = "machines")
    private List<String> names = List.of();

    @Mixin
    private RunOptions options = new RunOptions();

    @Mixin
    private MachineArgument machines = new MachineArgument();

    @Mixin
    private AcceleratorOption accelerator = new AcceleratorOption();

    @Mixin
    private ProblemOutput output = new ProblemOutput();

    int run(Action action) throws Exception {
        return run(action, new WaitOption());
    }

    int run(Action action, WaitOption wait) throws Exception {
        return options.reports()
                .around(action.name().toLowerCase(Locale.ROOT), Set::of, () -> runAll(action, wait).number());
    }

    private ExitCode runAll(Action action, WaitOption wait) throws Exception {
        Site site = Site.ofThisHost(accelerator.request());
        Map<String, Set<String>> byFleet = new TreeMap<>();
        for (String name : names) {
            MachineId id = machines.find(site.store(), name);
            byFleet.computeIfAbsent(id.fleet(), fleet -> new TreeSet<>()).add(id.name());
        }
        ExitCode worst = ExitCode.OK;
        for (Map.Entry<String, Set<String>> fleet : byFleet.entrySet()) {
            ExitCode code = run(action, wait, fleet.getKey(), fleet.getValue(), site);
            worst = code.number() > worst.number() ? code : worst;
            if (worst.isInterruption()) {
                return worst;
            }
        }
        return worst;
    }

    private ExitCode run(Action action, WaitOption wait, String fleet, Set<String> machineNames, Site site)
            throws Exception {
        Driver driver = site.driver();
        try (FleetSession session = FleetSession.open(site, fleet, options, output)) {
            ObservedFleet observed = driver.observe(fleet);
            Plan plan = LifecyclePlanner.plan(action, machineNames, observed,
                    site.naming().host(fleet, applied(observed)));
            if (output.isJson()) {
                output.line(PlanJson.planned(SavedPlan.unbound(plan)));
            } else {
                output.problems(plan.problems());
            }
            Set<String> jobs = wait.jobs(plan, machineNames::contains);
            if (plan.isRefused()) {
                session.report(plan);
                return ExitCode.REFUSED;
            }
            if (plan.actions().isEmpty() && !output.isJson() && jobs.isEmpty()) {
                session.report(plan);
                output.out().println("Nothing to do.");
                return ExitCode.OK;
            }
            return new Run(driver, output, site.timekeeper(plan), session, session.commandLine()).execute(plan, jobs);
        }
    }

    private static List<MachineSpec> applied(ObservedFleet observed) {
        return observed.machines().values().stream().flatMap(machine -> machine.applied().stream()).toList();
    }
}

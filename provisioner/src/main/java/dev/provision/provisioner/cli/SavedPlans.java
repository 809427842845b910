package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.FleetObserver;
import dev.provision.hypervisor.store.UsedPlans;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Planner;
import dev.provision.provisioner.plans.Binding;
import dev.provision.provisioner.plans.Fingerprint;
import dev.provision.provisioner.plans.PlanReader;
import dev.provision.provisioner.plans.SavedPlan;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.fleet.MachineSpec;

/** Saved plans on this host: may this one still be applied? Called with the fleet's lock held. */
final class SavedPlans {

    private final Site site;
    private final UsedPlans used;

    SavedPlans(Site site) {
        this.site = site;
        this.used = new UsedPlans(site.directories().layout());
    }

    /** The plan as it can be executed now: with what has changed since it was made among its problems. */
    SavedPlan renewed(Path file, PlanReader.Read read, FleetObserver machines)
            throws IOException, DriverException, InterruptedException {
        SavedPlan saved = read.saved();
        Plan plan = saved.plan();
        ObservedFleet observed = machines.observe(plan.fleet());
        Planner.Host host = site.naming().host(plan.fleet(), wanted(plan));
        List<Diagnostic> problems = new ArrayList<>();
        edited(file, read).ifPresent(problems::add);
        if (read.isIntact()) { // else the digest is any text
            used.when(read.digest())
                    .ifPresent(instant -> problems.add(stale("it was applied at " + instant + " already",
                            "a plan is applied once: what it found is not there any more")));
        }
        if (!problems.isEmpty()) {
            return saved.with(plan.withProblems(problems)); // the rest follows from it
        }
        Binding now = new Binding(PlanFile.digestsNow(saved.binding().manifest().keySet()), Fingerprint.of(observed),
                Fingerprint.of(host, plan));
        problems.addAll(saved.binding().staleness(now));
        return saved.with(plan.on(observed, host).withProblems(problems));
    }

    /** What is to be said of a file that another hand wrote. */
    static Optional<Diagnostic> edited(Path file, PlanReader.Read read) {
        return read.isIntact() && read.saved().madeAt().isPresent() ? Optional.empty()
                : Optional.of(stale("`" + file + "` is not as `plan --out` wrote it",
                        "only what was looked at may be applied"));
    }

    /** The host ports that machines will be reached by. */
    private static List<MachineSpec> wanted(Plan plan) {
        return plan.changes().stream().flatMap(change -> change.wanted().stream()).toList();
    }

    /** It is about to be executed: nobody executes it again. */
    void use(PlanReader.Read read) throws IOException {
        if (!used.add(read.digest(), Instant.now())) {
            throw new CommandFailedException(ExitCode.REFUSED, "the plan is being applied already",
                    "make the plan anew: provision plan --out FILE");
        }
    }

    private static Diagnostic stale(String what, String why) {
        return Diagnostic.error(Code.PLAN_STALE, what).why(why).fix("make the plan anew: provision plan --out FILE");
    }
}

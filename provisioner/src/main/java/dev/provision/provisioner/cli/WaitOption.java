package dev.provision.provisioner.cli;

import java.util.Set;
import java.util.function.Predicate;

import picocli.CommandLine.Option;

import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.convergence.JobEnds;

/** What machines must have reached when the command ends. */
final class WaitOption {

    /** The values. */
    enum Until {
        READY, COMPLETED
    }

    @Option(names = "--wait", paramLabel = "UNTIL", defaultValue = "ready", description = "ready, or completed: until every batch job has ended too; one that failed is a failure then, also one that failed earlier and is not run again (default: ready)")
    private Until until = Until.READY;

    boolean isForCompletion() {
        return until == Until.COMPLETED;
    }

    /**
     * The jobs of a plan whose ends are waited for.
     *
     * @param asked
     *            whether the command is about the machine of this name
     */
    Set<String> jobs(Plan plan, Predicate<String> asked) {
        return isForCompletion() ? JobEnds.in(plan, asked) : Set.of();
    }
}

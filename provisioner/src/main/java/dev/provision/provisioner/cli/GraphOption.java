package dev.provision.provisioner.cli;

import java.util.Optional;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.plans.SavedPlan;
import dev.provision.provisioner.views.graph.Drawing;

/** A plan drawn instead of written. */
final class GraphOption {

    @Option(names = "--graph", paramLabel = "FORMAT", description = "draw the plan instead: dot or mermaid (dependencies), svg (a timeline against the pool), html (a page with both and all changes)")
    private @Nullable Drawing drawing;

    /** Draws on standard output and tells problems on standard error; absent when nothing is to be drawn. */
    Optional<Consumer<SavedPlan>> view(ProblemOutput output) {
        if (drawing != null && output.isJson()) {
            throw new CommandFailedException(ExitCode.USAGE, "--graph and -o json are two forms of one output",
                    "leave one of them out");
        }
        return Optional.ofNullable(drawing).map(form -> saved -> {
            Plan plan = saved.plan();
            output.exact(form.of(plan));
            output.problems(plan.problems(),
                    "nothing was touched; a refused plan has no schedule, so no timeline is drawn");
        });
    }
}

package dev.provision.provisioner.cli;

import java.util.List;

import picocli.CommandLine.Mixin;

import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.views.Json;
import dev.provision.schema.diagnostics.Diagnostic;

/** The output of commands that can find problems in what they are asked to do. */
final class ProblemOutput extends Output {

    @Mixin
    private ProblemCap cap = new ProblemCap();

    /** Shows problems: on standard error for people, as a document for programs. */
    void problems(List<Diagnostic> problems) {
        if (isJson()) {
            out().println(Json.pretty(Json.problems(problems)));
            out().flush();
        } else {
            cap.show(problems, err());
        }
    }

    /** Shows problems to people, and what comes of those that are errors. */
    void problems(List<Diagnostic> problems, String consequence) {
        cap.show(problems, consequence, err());
    }

    /** The end of a run whose plan, which has been shown, is refused. */
    ExitCode refused(Plan plan) {
        if (isJson()) {
            line(Json.invalid(ExitCode.REFUSED.number(), ExitCode.REFUSED.meaning(), plan.problems()));
        }
        return ExitCode.REFUSED;
    }

    /** As {@link #problems}, for commands that print a JSON object a line. */
    void problemsOfRun(List<Diagnostic> problems) {
        if (isJson()) {
            line(Json.invalid(ExitCode.INVALID.number(), ExitCode.INVALID.meaning(), problems));
        } else {
            problems(problems);
        }
    }
}

package dev.provision.provisioner.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import dev.provision.provisioner.plans.PlanJson;
import dev.provision.provisioner.plans.PlanReader;
import dev.provision.provisioner.plans.SavedPlan;
import dev.provision.provisioner.views.Json;
import dev.provision.provisioner.views.PlanText;

/** {@code provision show}: what a saved plan says, whether it could still be applied or not. */
@Command(name = "show", mixinStandardHelpOptions = true, description = "Shows a saved plan, also one that is stale or was applied.", footerHeading = "%nExamples:%n", footer = {
    "  provision show plan.json", "  provision show --graph=html plan.json > plan.html"})
final class ShowCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "PLAN", description = "a file that plan --out wrote")
    private Path file = Path.of("plan.json");

    @Mixin
    private ProblemOutput output = new ProblemOutput();

    @Mixin
    private GraphOption graph = new GraphOption();

    @Override
    public Integer call() {
        Optional<Consumer<SavedPlan>> drawn = graph.view(output);
        PlanReader.Read read = PlanFile.read(file);
        if (drawn.isPresent()) {
            drawn.get().accept(read.saved());
        } else if (output.isJson()) {
            output.out().println(Json.pretty(PlanJson.document(read.saved())));
        } else {
            new PlanText(output.out(), output.palette()).print(read.saved().plan());
            read.saved().madeAt().ifPresent(instant -> output.out().println("made at " + instant));
            output.problems(read.saved().plan().problems());
        }
        output.out().flush();
        if (!read.isIntact()) {
            output.err().println("warning: it is not as provision wrote it; apply refuses it");
            output.err().flush();
        }
        return ExitCode.OK.number();
    }
}

package dev.provision.provisioner.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code provision plan}: what would {@code apply} do? */
@Command(name = "plan", mixinStandardHelpOptions = true, description = "Shows what apply would do; touches nothing.", footerHeading = "%nExamples:%n", footer = {
    "  provision plan", "  provision plan --cpus 4 --mem 8GiB staging.yaml",
    "  provision plan --allow=live,restart --detailed-exitcode",
    "  provision plan --out plan.json && provision apply plan.json", "  provision plan -o json | jq .changes",
    "  provision plan --graph=html > plan.html", "  provision plan --graph=dot | dot -Tpdf > plan.pdf"})
final class PlanCommand implements Callable<Integer> {

    @Mixin
    private ManifestArgument manifest = new ManifestArgument();

    @Mixin
    private PoolOptions pool = new PoolOptions();

    @Mixin
    private ScopeOptions scope = new ScopeOptions();

    @Mixin
    private AcceleratorOption accelerator = new AcceleratorOption();

    @Mixin
    private ProblemOutput output = new ProblemOutput();

    @Option(names = "--out", paramLabel = "PLAN", description = "write the plan to this file too, for apply; it holds the machines' environment, so only its owner may read it")
    private @Nullable Path out;

    @Mixin
    private DetailedExitCode exitCode = new DetailedExitCode();

    @Mixin
    private GraphOption graph = new GraphOption();

    @Override
    public Integer call() throws Exception {
        Planning planning = new Planning(manifest, pool, scope, accelerator, output);
        return planning.show(exitCode.isDetailed(), out, graph.view(output).orElse(planning::show)).number();
    }
}

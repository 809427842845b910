package dev.provision.provisioner.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code provision plan}: what would {@code apply} do? */
@Command(name = "plan", mixinStandardHelpOptions = true, description = "Shows what apply would do; touches nothing.", footerHeading = "%nExamples:%n", footer = {
    "  provision plan", "  provision plan --cpus 4 --mem 8GiB staging.yaml",
    "  provision plan --allow=live,restart --detailed-exitcode", "  provision plan -o json | jq .changes"})
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

    @Mixin
    private DetailedExitCode exitCode = new DetailedExitCode();

    @Override
    public Integer call() throws Exception {
        return new Planning(manifest, pool, scope, accelerator, output).show(exitCode.isDetailed()).number();
    }
}

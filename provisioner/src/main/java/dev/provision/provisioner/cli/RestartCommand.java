package dev.provision.provisioner.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import dev.provision.planner.plan.LifecyclePlanner.Action;

/** {@code provision restart NAME…}. */
@Command(name = "restart", mixinStandardHelpOptions = true, description = "Shuts machines down and boots them again.", footerHeading = "%nExamples:%n", footer = {
    "  provision restart --fleet lab db", "  provision restart --wait=completed report"})
final class RestartCommand implements Callable<Integer> {

    @Mixin
    private LifecycleRun lifecycle = new LifecycleRun();

    @Mixin
    private WaitOption wait = new WaitOption();

    @Override
    public Integer call() throws Exception {
        return lifecycle.run(Action.RESTART, wait);
    }
}

package dev.provision.provisioner.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import dev.provision.planner.plan.LifecyclePlanner.Action;

/** {@code provision start NAME…}. */
@Command(name = "start", mixinStandardHelpOptions = true, description = "Boots machines that are down, as they were last applied.", footerHeading = "%nExamples:%n", footer = {
    "  provision start web-0 web-1"})
final class StartCommand implements Callable<Integer> {

    @Mixin
    private LifecycleRun lifecycle = new LifecycleRun();

    @Mixin
    private WaitOption wait = new WaitOption();

    @Override
    public Integer call() throws Exception {
        return lifecycle.run(Action.START, wait);
    }
}

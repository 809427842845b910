package dev.provision.provisioner.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import dev.provision.planner.plan.LifecyclePlanner.Action;

/** {@code provision stop NAME…}. */
@Command(name = "stop", mixinStandardHelpOptions = true, description = "Shuts machines down; they keep their disks.", footerHeading = "%nExamples:%n", footer = {
    "  provision stop web-0 web-1"})
final class StopCommand implements Callable<Integer> {

    @Mixin
    private LifecycleRun lifecycle = new LifecycleRun();

    @Override
    public Integer call() throws Exception {
        return lifecycle.run(Action.STOP);
    }
}

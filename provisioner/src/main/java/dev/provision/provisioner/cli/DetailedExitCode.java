package dev.provision.provisioner.cli;

import picocli.CommandLine.Option;

import dev.provision.planner.plan.Plan;

/** Whether a plan's exit code tells how much it would disturb. */
final class DetailedExitCode {

    @Option(names = "--detailed-exitcode", description = "end with 0 when there is nothing to do, 10 when nothing that runs is disturbed, 11 for restarts, 12 when machines are recreated or destroyed, 13 when the fleet does not fit")
    private boolean detailed;

    boolean isDetailed() {
        return detailed;
    }

    /** How a command ends that only shows this plan. */
    ExitCode of(Plan plan) {
        return detailed ? ExitCode.detailed(plan) : plan.isRefused() ? ExitCode.REFUSED : ExitCode.OK;
    }
}

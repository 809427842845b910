package dev.provision.provisioner.cli;

import dev.provision.planner.plan.Plan;

/** How the command ends; {@code exec} also ends with the codes of the guest's command. */
public enum ExitCode {
    OK(0, "done, or nothing to do"),
    FAILED(1, "at least one machine could not be brought to where it should be"),
    USAGE(2, "the command line is wrong, or a confirmation is missing"),
    INVALID(3, "the manifest is wrong"),
    REFUSED(4, "the plan does not fit the host or the policy"),
    HOST(5, "the host lacks something"),
    UNFORMATTED(6, "`fmt --check` found manifests that are not in canonical form"),
    UNDISTURBING(10, "`--detailed-exitcode`: the plan creates, starts or changes live; nothing that runs is disturbed"),
    DISRUPTIVE(11, "`--detailed-exitcode`: the plan restarts machines"),
    DESTRUCTIVE(12, "`--detailed-exitcode`: the plan recreates or destroys machines"),
    OVER_CAPACITY(13, "`--detailed-exitcode`: the fleet does not fit this host or its pool"),
    EXEC(125, "exec could not run the command in the guest"),
    HUNG_UP(129, "ended by SIGHUP: its terminal was closed"),
    INTERRUPTED(130, "interrupted by Ctrl-C"),
    TERMINATED(143, "ended by SIGTERM");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    public String meaning() {
        return meaning;
    }

    /** A signal ended the command. */
    boolean isInterruption() {
        return this == HUNG_UP || this == INTERRUPTED || this == TERMINATED;
    }

    /** How much a plan would disturb. */
    static ExitCode detailed(Plan plan) {
        if (plan.isRefused()) {
            return plan.isOverCapacity() ? OVER_CAPACITY : REFUSED;
        }
        return switch (plan.worst()) {
            case KEEP -> OK;
            case LIVE, START, CREATE -> UNDISTURBING;
            case STOP, RESTART -> DISRUPTIVE;
            case RECREATE, DESTROY -> DESTRUCTIVE;
        };
    }
}

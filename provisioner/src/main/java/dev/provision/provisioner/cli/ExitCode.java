package dev.provision.provisioner.cli;

/** How the command ends; {@code exec} also ends with the codes of the guest's command. */
public enum ExitCode {
    OK(0, "done, or nothing to do"),
    FAILED(1, "at least one machine could not be brought to where it should be"),
    USAGE(2, "the command line is wrong, or a confirmation is missing"),
    INVALID(3, "the manifest is wrong"),
    REFUSED(4, "the plan does not fit the host or the policy"),
    HOST(5, "the host lacks something"),
    UNFORMATTED(6, "`fmt --check` found manifests that are not in canonical form"),
    EXEC(125, "exec could not run the command in the guest"),
    INTERRUPTED(130, "interrupted by Ctrl-C");

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
}

package dev.provision.provisioner.cli;

import picocli.CommandLine.Option;

/** Nothing is changed before a person has said yes, on the terminal or beforehand. */
final class Confirmation {

    @Option(names = {"-y", "--yes"}, description = "do not ask for confirmation")
    private boolean yes;

    /** A person has said yes beforehand, to what does not need to be asked for by name. */
    boolean isGivenBeforehand() {
        return yes;
    }

    void require(String question, Output output) {
        if (yes) {
            return;
        }
        if (output.isJson() || !Output.isTerminal()) {
            throw new CommandFailedException(ExitCode.USAGE,
                    (output.isJson() ? "JSON output leaves no place" : "no terminal")
                            + " to ask for confirmation on; nothing was touched",
                    "add --yes");
        }
        if (!Output.confirms(question)) {
            throw new CommandFailedException(ExitCode.USAGE, "not confirmed; nothing was touched", "");
        }
    }
}

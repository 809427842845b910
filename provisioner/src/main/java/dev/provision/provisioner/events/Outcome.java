package dev.provision.provisioner.events;

import java.util.List;

/** How a machine came out of a run. */
public sealed interface Outcome {

    /** All its steps were done. */
    record Done() implements Outcome {}

    /**
     * A step failed; the ones after it were not tried.
     *
     * @param console
     *            last lines of the machine's console, where they may explain it
     */
    record Failed(String what, String fix, List<String> console) implements Outcome {
        public Failed {
            console = List.copyOf(console);
        }
    }

    /**
     * Nothing was done to it.
     *
     * @param fix
     *            what a person must do before the next run can do better; empty where that may do better by itself
     */
    record Skipped(String reason, String fix) implements Outcome {

        /** For a reason that may be gone at the next run. */
        public Skipped(String reason) {
            this(reason, "");
        }
    }

    /** The run was interrupted in the middle of a step; the next plan tells what is there. */
    record Unknown(String during) implements Outcome {}
}

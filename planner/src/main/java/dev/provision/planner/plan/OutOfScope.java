package dev.provision.planner.plan;

/** Why nothing is done to a machine that is not as wanted. */
public enum OutOfScope {
    NOT_TARGETED("not-targeted", "not targeted"),
    /** And what the manifest does not name is to be left alone. */
    NOT_IN_MANIFEST("not-in-manifest", "not in the manifest; left alone");

    private final String word;
    private final String reason;

    OutOfScope(String word, String reason) {
        this.word = word;
        this.reason = reason;
    }

    /** {@code not-targeted}: the word of documents. */
    public String word() {
        return word;
    }

    /** For people. */
    String reason() {
        return reason;
    }
}

package dev.provision.planner.plan;

/** Why nothing is done to a machine that is not as wanted. */
public enum OutOfScope {
    NOT_TARGETED("not-targeted", "not targeted"),
    /** And what the manifest does not name is to be left alone. */
    NOT_IN_MANIFEST("not-in-manifest", "not in the manifest; left alone"),
    /** It keeps failing and waits before the next try, or needs what is not allowed without a person's word. */
    HELD_BACK("held-back", "held back"),
    /** Its {@code ttl} was over, and nobody has asked for it since. */
    EXPIRED("expired", "its ttl was over; it stays away until its entry changes or a person applies");

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

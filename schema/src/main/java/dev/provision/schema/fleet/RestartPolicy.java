package dev.provision.schema.fleet;

/** What happens when a machine's command ends. {@link #NEVER} makes the machine a batch job. */
public enum RestartPolicy {
    ALWAYS("always"), ON_FAILURE("on-failure"), NEVER("never");

    private final String word;

    RestartPolicy(String word) {
        this.word = word;
    }

    /** The word of the manifest and of the guest contract. */
    public String word() {
        return word;
    }

    @Override
    public String toString() {
        return word;
    }
}

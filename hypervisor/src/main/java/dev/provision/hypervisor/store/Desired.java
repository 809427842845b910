package dev.provision.hypervisor.store;

/** What a machine was last told to do. */
public enum Desired {
    RUNNING("running"), STOPPED("stopped");

    private final String word;

    Desired(String word) {
        this.word = word;
    }

    /** The word the record's file holds. */
    public String word() {
        return word;
    }
}

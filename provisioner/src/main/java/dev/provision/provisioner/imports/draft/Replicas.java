package dev.provision.provisioner.imports.draft;

/** How many machines an entry stands for, as far as that is known. */
public final class Replicas {

    private static final Value NONE = Value.word(0);

    private Replicas() {}

    /** It says how many, and that is not none; what a variable says may be any number. */
    public static boolean areSeveral(MachineDraft machine) {
        return machine.count().filter(count -> !count.equals(NONE)).isPresent();
    }

    /** It says that there is none. */
    public static boolean areNone(MachineDraft machine) {
        return machine.count().filter(NONE::equals).isPresent();
    }
}

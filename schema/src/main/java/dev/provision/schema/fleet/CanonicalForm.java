package dev.provision.schema.fleet;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The built-in defaults that specs are completed with, as they changed from one version of {@code provision} to the next. A
 * machine keeps those it was made with: what nobody writes must not change because a newer version would choose otherwise.
 *
 * @param version
 *            of the defaults that this program completes specs with; from 1
 * @param changes
 *            every default that was ever changed or came with a new key, oldest first
 */
public record CanonicalForm(int version, List<ChangedDefault> changes) {

    /** What machines have that were made before there were versions. */
    public static final int FIRST = 1;

    /** That of this program. See docs/decisions/canonical-form.md before changing a default. */
    public static final CanonicalForm CURRENT = new CanonicalForm(FIRST, List.of());

    /**
     * A default that is another one since some version. One that others follow, as {@code shm} follows the memory, needs an
     * entry for each of them, after its own.
     *
     * @param since
     *            the first version with the newer default; above {@link #FIRST}
     * @param path
     *            the key whose absence means the default: {@code resources.shm}
     * @param older
     *            a spec with what the older version would have put there; with nothing else changed
     */
    public record ChangedDefault(int since, String path, UnaryOperator<MachineSpec> older) {}

    public CanonicalForm {
        changes = changes.stream().sorted(Comparator.comparingInt(ChangedDefault::since)).toList();
        if (changes.stream().anyMatch(change -> change.since() <= FIRST) || version < FIRST
                || (!changes.isEmpty() && changes.getLast().since() > version)) {
            throw new IllegalArgumentException("a default can change in the versions 2 to " + version + " only");
        }
    }

    /**
     * What the manifest wants of a machine that exists, completed with the defaults that it was made with. Where the machine
     * has something else than such a default, somebody once wrote it; taking that out of the manifest is a change.
     *
     * @param wanted
     *            completed with this form's defaults
     * @param applied
     *            what was last applied to the machine
     * @param madeWith
     *            version of the form that the machine was made with
     */
    public MachineSpec asMade(MachineSpec wanted, Origin origin, MachineSpec applied, int madeWith) {
        MachineSpec result = wanted;
        Set<String> decided = new HashSet<>();
        for (ChangedDefault change : changes) {
            // Of several changes of one default, the first after its making says what it was then.
            if (change.since() > madeWith && decided.add(change.path()) && !origin.writes(change.path())
                    && change.older().apply(applied).equals(applied)) {
                result = change.older().apply(result);
            }
        }
        return result;
    }
}

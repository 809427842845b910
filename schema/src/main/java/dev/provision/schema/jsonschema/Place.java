package dev.provision.schema.jsonschema;

import java.util.Set;

import dev.provision.schema.binding.RecordShape;

/**
 * What a place in the manifest changes about the schema of what stands there.
 *
 * @param partial
 *            another layer may complete it
 * @param literal
 *            references to variables are not replaced in it
 * @param as
 *            what a record is called here; empty: as ever
 * @param without
 *            keys that a record does not have here
 */
record Place(boolean partial, boolean literal, String as, Set<String> without) {

    static final Place ROOT = new Place(false, false, "", Set.of());

    Place {
        without = Set.copyOf(without);
    }

    /** The place below this key. */
    Place below(RecordShape.Component key) {
        return new Place(partial || key.partial(), literal || key.literal(), key.as(), key.without());
    }
}

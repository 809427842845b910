/** The JSON Schema of the manifest, derived from the records that the binder fills. For editors; not read by us. */
@NullMarked
package dev.provision.schema.jsonschema;

import org.jspecify.annotations.NullMarked;

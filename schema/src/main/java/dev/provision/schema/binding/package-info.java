/** Binds nodes to records: the records are the grammar, nothing else describes it. */
@NullMarked
package dev.provision.schema.binding;

import org.jspecify.annotations.NullMarked;

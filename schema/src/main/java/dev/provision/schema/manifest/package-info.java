/** What the person wrote, bound to records with its places kept. */
@NullMarked
package dev.provision.schema.manifest;

import org.jspecify.annotations.NullMarked;

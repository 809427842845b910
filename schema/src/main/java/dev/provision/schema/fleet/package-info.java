/** The fleet: the manifest with defaults, profiles and counts resolved. */
@NullMarked
package dev.provision.schema.fleet;

import org.jspecify.annotations.NullMarked;

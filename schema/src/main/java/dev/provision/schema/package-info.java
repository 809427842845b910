/** The manifest language: text, places, records, fleet. */
@NullMarked
package dev.provision.schema;

import org.jspecify.annotations.NullMarked;

/**
 * Faults, brought about on purpose: what is killed, stopped, filled up, taken away or spoilt under a fleet of real microVMs.
 * After each of them one more {@code apply} is to find, or make, everything as the manifest wants it.
 */
@NullMarked
package dev.provision.acceptance.faults;

import org.jspecify.annotations.NullMarked;

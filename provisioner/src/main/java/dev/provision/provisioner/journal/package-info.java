/** What was done to a fleet, written down before it is done, and read again. */
@NullMarked
package dev.provision.provisioner.journal;

import org.jspecify.annotations.NullMarked;

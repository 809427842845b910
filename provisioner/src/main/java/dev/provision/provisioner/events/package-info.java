/** What happens during a run, as values; views subscribe to them. */
@NullMarked
package dev.provision.provisioner.events;

import org.jspecify.annotations.NullMarked;

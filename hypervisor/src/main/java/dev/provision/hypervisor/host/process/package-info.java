/** Processes of this host: who they are once and for all, and signals to exactly them. */
@NullMarked
package dev.provision.hypervisor.host.process;

import org.jspecify.annotations.NullMarked;

/** What Linux writes below /proc, as pure functions over its text. */
@NullMarked
package dev.provision.hypervisor.host.procfs;

import org.jspecify.annotations.NullMarked;

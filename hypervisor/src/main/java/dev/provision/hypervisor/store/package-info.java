/** The on-disk machine store. */
@NullMarked
package dev.provision.hypervisor.store;

import org.jspecify.annotations.NullMarked;

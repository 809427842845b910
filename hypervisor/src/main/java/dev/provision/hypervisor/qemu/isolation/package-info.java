/** As whom VMMs run, and what of the machine store that user can reach. */
@NullMarked
package dev.provision.hypervisor.qemu.isolation;

import org.jspecify.annotations.NullMarked;

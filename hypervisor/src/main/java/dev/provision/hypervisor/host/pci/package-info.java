/** Devices of this host that machines can take over, as sysfs shows them. */
@NullMarked
package dev.provision.hypervisor.host.pci;

import org.jspecify.annotations.NullMarked;

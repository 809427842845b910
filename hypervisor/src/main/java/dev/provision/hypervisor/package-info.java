/** The driver contract: what the provisioner asks of a hypervisor. */
@NullMarked
package dev.provision.hypervisor;

import org.jspecify.annotations.NullMarked;

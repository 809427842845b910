/** The QEMU driver: the life of a machine from start to end. */
@NullMarked
package dev.provision.hypervisor.qemu;

import org.jspecify.annotations.NullMarked;

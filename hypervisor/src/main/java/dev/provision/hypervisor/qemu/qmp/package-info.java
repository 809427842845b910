/** The VMM's monitor: QMP. */
@NullMarked
package dev.provision.hypervisor.qemu.qmp;

import org.jspecify.annotations.NullMarked;

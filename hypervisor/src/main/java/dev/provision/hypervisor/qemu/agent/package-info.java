/** The guest's agent: qemu-ga. */
@NullMarked
package dev.provision.hypervisor.qemu.agent;

import org.jspecify.annotations.NullMarked;

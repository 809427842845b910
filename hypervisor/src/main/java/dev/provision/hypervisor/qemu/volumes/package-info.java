/** Folders of the host in guests: virtiofs, each volume served by a virtiofsd of its own. */
@NullMarked
package dev.provision.hypervisor.qemu.volumes;

import org.jspecify.annotations.NullMarked;

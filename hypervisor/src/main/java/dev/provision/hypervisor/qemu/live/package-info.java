/** What can be changed on a machine that runs. */
@NullMarked
package dev.provision.hypervisor.qemu.live;

import org.jspecify.annotations.NullMarked;

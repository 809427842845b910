/** Devices of the host in the hands of machines: whether they can be, and who has which. */
@NullMarked
package dev.provision.hypervisor.qemu.devices;

import org.jspecify.annotations.NullMarked;

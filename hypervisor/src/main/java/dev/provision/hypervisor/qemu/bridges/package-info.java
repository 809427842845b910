/** Fleet networks on bridges of the host: taps of machines, and the bridges themselves where they are not there yet. */
@NullMarked
package dev.provision.hypervisor.qemu.bridges;

import org.jspecify.annotations.NullMarked;

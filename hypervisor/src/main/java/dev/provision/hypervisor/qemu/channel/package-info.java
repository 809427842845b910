/** JSON messages over UNIX-domain sockets, with a deadline on everything. */
@NullMarked
package dev.provision.hypervisor.qemu.channel;

import org.jspecify.annotations.NullMarked;

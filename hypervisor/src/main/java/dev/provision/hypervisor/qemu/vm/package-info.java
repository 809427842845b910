/** One VMM from outside: its process, its monitor and agent, and what it and its guest have written. */
@NullMarked
package dev.provision.hypervisor.qemu.vm;

import org.jspecify.annotations.NullMarked;

/** What a VMM and its guest are told at the start: arguments and settings, as pure functions of the spec. */
@NullMarked
package dev.provision.hypervisor.qemu.commandline;

import org.jspecify.annotations.NullMarked;

/** Calls of the C library, by JNA. Touching anything in here but {@code Errno} loads JNA. */
@NullMarked
package dev.provision.hypervisor.host.libc;

import org.jspecify.annotations.NullMarked;

/** The Linux kernel as Debian packages it: the boot image and its modules. */
@NullMarked
package dev.provision.hypervisor.image.kernel;

import org.jspecify.annotations.NullMarked;

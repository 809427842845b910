/** The initramfs as a value and its archive format. */
@NullMarked
package dev.provision.hypervisor.image.cpio;

import org.jspecify.annotations.NullMarked;

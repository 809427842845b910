/** As much of ELF as the image builder needs: which libraries a program wants, which modules a module wants. */
@NullMarked
package dev.provision.hypervisor.image.elf;

import org.jspecify.annotations.NullMarked;

/** Debian packages: where they come from and what is in them, read without dpkg and without root. */
@NullMarked
package dev.provision.hypervisor.image.deb;

import org.jspecify.annotations.NullMarked;

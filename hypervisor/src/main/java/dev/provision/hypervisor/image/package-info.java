/** Guest images and the builder of the built-in one. */
@NullMarked
package dev.provision.hypervisor.image;

import org.jspecify.annotations.NullMarked;

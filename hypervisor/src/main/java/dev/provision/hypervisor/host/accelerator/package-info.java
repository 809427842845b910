/** The choice of what runs the guests: asked for, found to work, or else refused with the reason. */
@NullMarked
package dev.provision.hypervisor.host.accelerator;

import org.jspecify.annotations.NullMarked;

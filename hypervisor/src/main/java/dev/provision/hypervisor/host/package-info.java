/** Facts of this host and what they allow; below it what runs guests, and processes. */
@NullMarked
package dev.provision.hypervisor.host;

import org.jspecify.annotations.NullMarked;

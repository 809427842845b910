/**
 * What {@link dev.provision.hypervisor.Driver} promises, as tests of real machines. A driver passes by a class that extends
 * the contracts and says how it is opened; nothing in them knows of QEMU. What a driver does not declare in its
 * {@code DriverCapabilities} is not asked of it.
 */
@NullMarked
package dev.provision.acceptance.driver;

import org.jspecify.annotations.NullMarked;

/** What macOS says of Hypervisor.framework. */
@NullMarked
package dev.provision.hypervisor.host.hvf;

import org.jspecify.annotations.NullMarked;

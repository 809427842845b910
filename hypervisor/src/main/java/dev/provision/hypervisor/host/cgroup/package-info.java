/** Control groups: what confines this process, and groups of our own that the kernel holds VMMs to limits with. */
@NullMarked
package dev.provision.hypervisor.host.cgroup;

import org.jspecify.annotations.NullMarked;

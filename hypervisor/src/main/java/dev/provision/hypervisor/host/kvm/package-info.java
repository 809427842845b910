/** The self-test of KVM: does this host run guest kernel code, and at a CPU's speed? */
@NullMarked
package dev.provision.hypervisor.host.kvm;

import org.jspecify.annotations.NullMarked;

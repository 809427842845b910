package dev.provision.hypervisor.qemu.agent;

/**
 * A vCPU as the guest sees it.
 *
 * @param id
 *            the guest's number of it, from 0
 */
public record Vcpu(long id, boolean online) {}

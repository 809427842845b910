package dev.provision.planner.host;

/**
 * The accelerator that machines boot with, and why.
 *
 * @param reason
 *            one sentence for people, without the accelerator's name at its start
 */
public record AcceleratorChoice(Accelerator accelerator, String reason) {}

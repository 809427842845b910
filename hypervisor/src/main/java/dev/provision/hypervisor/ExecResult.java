package dev.provision.hypervisor;

/**
 * How a command in the guest ended.
 *
 * @param exitCode
 *            0 to 255; 128+n when signal n ended it
 * @param truncated
 *            only the first 2 MiB of a stream were kept
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier that is never compared
public record ExecResult(int exitCode, byte[] stdout, byte[] stderr, boolean truncated) {}

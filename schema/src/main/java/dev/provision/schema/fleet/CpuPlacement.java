package dev.provision.schema.fleet;

import java.util.Optional;

/**
 * Where a machine's vCPUs run.
 *
 * @param cpuset
 *            the host CPUs they are pinned to; absent: any
 * @param shares
 *            weight against other machines when CPUs are short, 2 to 262144
 */
public record CpuPlacement(Optional<CpuSet> cpuset, int shares) {

    /** Docker's default weight, and that of cgroup v1's {@code cpu.shares}. */
    public static final int STANDARD_SHARES = 1024;

    public static final CpuPlacement ANYWHERE = new CpuPlacement(Optional.empty(), STANDARD_SHARES);
}

package dev.provision.schema.fleet;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.fleet.HostPolicy.Pool;
import dev.provision.schema.manifest.HostEntry;
import dev.provision.schema.manifest.HostEntry.AmountEntry;
import dev.provision.schema.manifest.HostEntry.OvercommitEntry;
import dev.provision.schema.manifest.HostEntry.PoolEntry;

/** Completes the {@code host} section to a policy. */
final class HostPolicies {

    private HostPolicies() {}

    static HostPolicy from(@Nullable HostEntry host) {
        HostPolicy standard = HostPolicy.DEFAULT;
        if (host == null) {
            return standard;
        }
        Optional<OvercommitEntry> overcommit = Optional.ofNullable(host.overcommit());
        Optional<AmountEntry> limits = Optional.ofNullable(host.limits());
        return new HostPolicy(pool(host.pool()),
                Optional.ofNullable(host.reserve())
                        .flatMap(reserve -> Optional.ofNullable(reserve.memory()))
                        .orElse(standard.reserve()),
                overcommit.flatMap(factor -> Optional.ofNullable(factor.cpus())).orElse(standard.overcommitCpus()),
                overcommit.flatMap(factor -> Optional.ofNullable(factor.memory())).orElse(standard.overcommitMemory()),
                limits.flatMap(limit -> Optional.ofNullable(limit.cpus())),
                limits.flatMap(limit -> Optional.ofNullable(limit.memory())), Optional.empty());
    }

    private static Pool pool(@Nullable PoolEntry entry) {
        return entry == null || entry.cpus() == null || entry.memory() == null ? new Pool.Auto()
                : new Pool.Fixed(entry.cpus(), entry.memory());
    }
}

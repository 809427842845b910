package dev.provision.schema.fleet;

import java.time.Duration;

import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

/** What holds where neither the manifest's defaults nor a profile nor the machine says anything. */
final class Defaults {

    static final String IMAGE = "builtin";
    static final Cpus CPUS = Cpus.of(1);
    static final ByteSize MEMORY = ByteSize.ofMib(512);
    /** What the built-in guest needs; the same bound as the manifest's own constraint on the limit. */
    static final ByteSize LEAST_MEMORY = ByteSize.ofMib(128);
    static final String STORAGE_MOUNT = "/data";
    static final RestartPolicy RESTART = RestartPolicy.ON_FAILURE;
    static final Duration READY_TIMEOUT = Duration.ofMinutes(2);

    private Defaults() {}
}

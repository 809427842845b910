package dev.provision.schema.fleet;

import java.util.Arrays;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.manifest.CpuEntry;
import dev.provision.schema.manifest.HugePagesEntry;
import dev.provision.schema.manifest.MemoryEntry;
import dev.provision.schema.units.ByteSize;

/** Completes request, limit and max, of which one is enough, and checks their order. */
final class Ranges {

    private final Origin origin;
    private final Problems problems;

    Ranges(Origin origin, Problems problems) {
        this.origin = origin;
        this.problems = problems;
    }

    CpuRange cpus(@Nullable CpuEntry written) {
        if (written == null) {
            return CpuRange.exactly(Defaults.CPUS);
        }
        var limit = firstOf(Defaults.CPUS, written.limit(), written.request(), written.max());
        var request = orElse(written.request(), limit);
        var max = orElse(written.max(), limit);
        return inOrder("cpus", request, limit, max)
                ? new CpuRange(request, limit, max, Boolean.TRUE.equals(written.hotplug()))
                : CpuRange.exactly(limit);
    }

    MemoryRange memory(@Nullable MemoryEntry written) {
        if (written == null) {
            return MemoryRange.exactly(Defaults.MEMORY);
        }
        var limit = firstOf(Defaults.MEMORY, written.limit(), written.request(), written.max());
        if (written.limit() == null && limit.compareTo(Defaults.LEAST_MEMORY) < 0 && areSound("memory", "limit")) {
            report(Diagnostic.error(Code.OUT_OF_RANGE, origin.at("resources", "memory", "request"),
                    "the request of " + limit + " is the limit too, which must be at least " + Defaults.LEAST_MEMORY)
                    .fix("write a limit beside it"));
        }
        var request = orElse(written.request(), limit);
        var max = orElse(written.max(), limit);
        if (limit.compareTo(max) < 0) {
            checkReachable(
                    new MemoryRange(limit, limit, max, Optional.empty(), Optional.ofNullable(written.hotplug())));
        }
        boolean hardFits = written.hard() == null || written.hard().compareTo(limit) >= 0;
        if (!hardFits && areSound("memory", "limit", "hard")) {
            report(Diagnostic.error(Code.CONFLICTING_KEYS, origin.at("resources", "memory", "hard"),
                    "`memory.hard` of " + written.hard() + " is less than the limit of " + limit)
                    .why("a guest that uses what it has would be killed for it")
                    .fix("set it to at least " + limit.canonical() + ", or lower the limit"));
        }
        if (!(inOrder("memory", request, limit, max) && hardFits)) {
            return MemoryRange.exactly(limit);
        }
        MemoryRange range = new MemoryRange(request, limit, max, Optional.ofNullable(written.hard()),
                Optional.ofNullable(written.hotplug()),
                Optional.ofNullable(written.hugepages()).map(HugePagesEntry::pages),
                Boolean.TRUE.equals(written.deflateOnOom()));
        new MemoryChecks(origin, problems).check(range);
        return range;
    }

    /**
     * The balloon takes no page that the kernel needs, and the kernel keeps tables for all of {@code max}. Measured: 128 MiB of
     * 1 GiB stopped at 164 MiB, 512 MiB of 4 GiB was reached. What is plugged in needs its tables only then, but has to find
     * room for them in {@code limit}.
     */
    private void checkReachable(MemoryRange memory) {
        ByteSize limit = memory.limit();
        ByteSize max = memory.max();
        ByteSize least = ByteSize.ofMib(100 + max.mib() / (memory.plugs() ? 48 : 24));
        if (limit.compareTo(least) < 0 && areSound("memory", "limit", "max")) {
            report(Diagnostic.error(Code.CONFLICTING_KEYS, origin.at("resources", "memory", "limit"),
                    memory.plugs() ? "a guest of " + limit + " cannot grow to " + max
                            : "a guest that can grow to " + max + " cannot shrink to " + limit)
                    .why("its kernel keeps tables for all of `max` and needs about " + least + " with them")
                    .fix("set the limit to at least " + least.canonical() + ", or lower `memory.max`"));
        }
    }

    /** Where no limit is written, another bound decides on it. */
    boolean areSound(String resource, String... bounds) {
        boolean limitIsSound = origin.isWritten("resources", resource, "limit")
                || origin.isSound("resources", resource);
        return limitIsSound && Arrays.stream(bounds).allMatch(bound -> origin.isSound("resources", resource, bound));
    }

    private void report(Diagnostic problem) {
        problems.add(origin.blamed(problem));
    }

    private <Q extends Comparable<Q>> boolean inOrder(String resource, Q request, Q limit, Q max) {
        boolean requestFits = request.compareTo(limit) <= 0;
        boolean limitFits = limit.compareTo(max) <= 0;
        if (!requestFits && areSound(resource, "request", "limit")) {
            report(conflict(resource, "request", "limit",
                    "`" + resource + ".request` of " + request + " exceeds the limit of " + limit)
                    .why("a machine cannot be promised more than it may use")
                    .fix("raise the limit or lower the request"));
        }
        if (!limitFits && areSound(resource, "limit", "max")) {
            report(conflict(resource, "limit", "max",
                    "`" + resource + ".limit` of " + limit + " exceeds the max of " + max)
                    .why("max is the ceiling that is fixed at boot")
                    .fix("raise max or lower the limit"));
        }
        return requestFits && limitFits;
    }

    /** Of two bounds, at the lower one's place and with the upper one's; the short forms have one place for both. */
    private Diagnostic conflict(String resource, String lower, String upper, String what) {
        Span here = origin.at("resources", resource, lower);
        Span there = origin.at("resources", resource, upper);
        Diagnostic problem = Diagnostic.error(Code.CONFLICTING_KEYS, here, what);
        return here.equals(there) ? problem : problem.related(there, "the " + upper + " is here");
    }

    @SafeVarargs
    private static <T> T firstOf(T otherwise, @Nullable T... candidates) {
        for (@Nullable
        T candidate : candidates) {
            if (candidate != null) {
                return candidate;
            }
        }
        return otherwise;
    }

    private static <T> T orElse(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}

package dev.provision.planner.host;

import java.util.List;
import java.util.Optional;

import dev.provision.schema.fleet.HugePages;
import dev.provision.schema.units.ByteSize;

/**
 * Huge pages that a host has set aside. They are in no figure of available memory (proc(5)).
 *
 * @param standard
 *            size of the host's default ones; absent where it has none
 * @param pools
 *            one for each size that its processor and kernel know, empty ones too
 */
public record HugePagePools(Optional<ByteSize> standard, List<Pool> pools) {

    /** Of a host that knows no huge pages. */
    public static final HugePagePools NONE = new HugePagePools(Optional.empty(), List.of());

    /**
     * Pages of one size.
     *
     * @param total
     *            how many are set aside
     * @param free
     *            how many of them are neither used nor promised to somebody who has mapped them
     */
    public record Pool(ByteSize page, long total, long free) {

        /** How many of them make up so much memory. */
        public long pages(ByteSize memory) {
            return Math.ceilDiv(memory.bytes(), page.bytes());
        }
    }

    public HugePagePools {
        pools = List.copyOf(pools);
    }

    /** Whether there is nothing to choose from. */
    public boolean isEmpty() {
        return pools.isEmpty();
    }

    /** The pool that such pages are taken from; absent where the host knows none of that size. */
    public Optional<Pool> of(HugePages pages) {
        return pages.size()
                .or(() -> standard)
                .flatMap(size -> pools.stream().filter(pool -> pool.page().equals(size)).findFirst());
    }
}

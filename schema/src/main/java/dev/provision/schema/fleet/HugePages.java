package dev.provision.schema.fleet;

import java.util.Arrays;
import java.util.Optional;

import dev.provision.schema.units.ByteSize;

/** Pages of the host that a guest's memory is in, other than its base pages (Linux, admin-guide/mm/hugetlbpage.rst). */
public enum HugePages {
    /** Of the size that is the host's default ({@code Hugepagesize} of /proc/meminfo). */
    STANDARD("true", 0), MIB_2("2MiB", 2), GIB_1("1GiB", 1024);

    private final String word;
    private final int mib;

    HugePages(String word, int mib) {
        this.word = word;
        this.mib = mib;
    }

    /** As the manifest says it. */
    public static Optional<HugePages> of(String word) {
        return Arrays.stream(values()).filter(pages -> pages.word.equals(word)).findFirst();
    }

    /** What one page has; absent where the host decides. */
    public Optional<ByteSize> size() {
        return mib == 0 ? Optional.empty() : Optional.of(ByteSize.ofMib(mib));
    }

    @Override
    public String toString() {
        return word;
    }
}

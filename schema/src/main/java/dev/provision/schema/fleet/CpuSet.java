package dev.provision.schema.fleet;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.provision.schema.units.QuantityFormatException;

/**
 * Host CPUs that a machine's vCPUs may run on, in the list format of Linux (cpuset(7)): {@code 0,2-4}.
 *
 * @param ids
 *            numbers of host CPUs, 0 to 8191, at least one
 */
public record CpuSet(SortedSet<Integer> ids) {

    /** What Linux can be built for at most on x86 (CONFIG_NR_CPUS). */
    private static final int MOST = 8192;
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})(?:-([0-9]{1,9}))?");

    public CpuSet {
        ids = Collections.unmodifiableSortedSet(new TreeSet<>(ids));
    }

    /**
     * Reads a list of numbers and ranges.
     *
     * @throws QuantityFormatException
     *             when the text is no such list, a range runs backwards, or a CPU above 8191 is named
     */
    public static CpuSet parse(String text) throws QuantityFormatException {
        BitSet ids = new BitSet(MOST);
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part.strip());
            if (!range.matches()) {
                throw new QuantityFormatException("`" + text + "` is not a list of CPUs",
                        "write numbers and ranges, such as 0,1 or 0-3");
            }
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            if (last < first) {
                throw new QuantityFormatException("the range " + part.strip() + " runs backwards",
                        "write " + last + "-" + first);
            }
            if (last >= MOST) {
                throw new QuantityFormatException("CPU " + last + " does not exist on any host",
                        "CPUs are counted from 0; name those of this host");
            }
            ids.set(first, last + 1);
        }
        return new CpuSet(ids.stream().boxed().collect(Collectors.toCollection(TreeSet::new)));
    }

    /** The canonical form: ranges where numbers follow each other, {@code 0-3,8}. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        int first = -1;
        for (int id : ids) {
            first = first < 0 ? id : first;
            if (!ids.contains(id + 1)) {
                parts.add(first == id ? Integer.toString(id) : first + "-" + id);
                first = -1;
            }
        }
        return String.join(",", parts);
    }
}

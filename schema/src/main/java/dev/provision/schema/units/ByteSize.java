package dev.provision.schema.units;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An amount of memory or disk, in whole bytes, never negative.
 *
 * <p>
 * Texts follow one grammar for file and flags: {@code 512MiB} and {@code 512Mi} are binary, {@code 512MB} and
 * {@code 512M} decimal (Kubernetes), lower-case {@code 512m}, {@code 512mb} binary (Docker). A bare number takes the
 * unit its field gives it: MiB for memory, GiB for disks.
 *
 * @param bytes
 *            0 to {@link Long#MAX_VALUE}
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {

    public static final ByteSize ZERO = new ByteSize(0);

    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final long TIB = 1L << 40;

    /** A size that {@link #parse} reads, as a regular expression; only the bounds are left to it. */
    public static final String PATTERN = "\\s*(\\+?[0-9]+(\\.[0-9]+)?|-0+(\\.0+)?)\\s*([KMGT]i?B?|kB|[kmgt]b?|[Bb])?\\s*";

    /** More digits than any size has: reading a number takes the square of its length. */
    private static final Pattern GRAMMAR = Pattern
            .compile("([+-]?[0-9]{1,50}(?:\\.[0-9]{1,50})?)\\s*([A-Za-z]*)");

    private static final Pattern SHORT_DECIMAL = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)\\s*([MGT])");

    private static final Map<String, Long> UNITS = Map.ofEntries(Map.entry("B", 1L), Map.entry("b", 1L),
            Map.entry("KiB", KIB), Map.entry("Ki", KIB), Map.entry("k", KIB), Map.entry("kb", KIB),
            Map.entry("MiB", MIB), Map.entry("Mi", MIB), Map.entry("m", MIB), Map.entry("mb", MIB),
            Map.entry("GiB", GIB), Map.entry("Gi", GIB), Map.entry("g", GIB), Map.entry("gb", GIB),
            Map.entry("TiB", TIB), Map.entry("Ti", TIB), Map.entry("t", TIB), Map.entry("tb", TIB),
            Map.entry("KB", 1_000L), Map.entry("K", 1_000L), Map.entry("kB", 1_000L),
            Map.entry("MB", 1_000_000L), Map.entry("M", 1_000_000L),
            Map.entry("GB", 1_000_000_000L), Map.entry("G", 1_000_000_000L),
            Map.entry("TB", 1_000_000_000_000L), Map.entry("T", 1_000_000_000_000L));

    /** The unit of a number that names none. */
    public enum BareUnit {
        MIB(ByteSize.MIB), GIB(ByteSize.GIB);

        private final long bytes;

        BareUnit(long bytes) {
            this.bytes = bytes;
        }
    }

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("negative size: " + bytes);
        }
    }

    public static ByteSize ofMib(long mib) {
        return new ByteSize(Math.multiplyExact(mib, MIB));
    }

    public static ByteSize ofGib(long gib) {
        return new ByteSize(Math.multiplyExact(gib, GIB));
    }

    /**
     * Reads a size and rounds it up to whole MiB, the granule of guest memory and of our disks.
     *
     * @throws QuantityFormatException
     *             when the text is no size, is negative, or exceeds what 63 bits hold
     */
    public static ByteSize parse(String text, BareUnit bareUnit) throws QuantityFormatException {
        Matcher matcher = GRAMMAR.matcher(text.strip());
        if (!matcher.matches()) {
            throw new QuantityFormatException("`" + text + "` is not a size",
                    "write a number and a unit, such as 512MiB or 2GiB");
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        if (number.signum() < 0) {
            throw new QuantityFormatException("`" + text + "` is negative",
                    "write a size of zero or more, such as 512MiB");
        }
        BigDecimal mib = number.multiply(BigDecimal.valueOf(unit(matcher.group(2), bareUnit)))
                .divide(BigDecimal.valueOf(MIB), 0, RoundingMode.CEILING);
        if (mib.compareTo(BigDecimal.valueOf(Long.MAX_VALUE / MIB)) > 0) {
            throw new QuantityFormatException("`" + text + "` is too large to be a size", "write a size below 8 EiB");
        }
        return ofMib(mib.longValueExact());
    }

    /**
     * The binary size that was probably meant by a decimal one: {@code 4GiB} for {@code 4G}, {@code 512MiB} for
     * {@code 512M}. Absent for other texts; also for {@code 4GB}, which says what it is.
     */
    public static Optional<String> binaryReading(String text) {
        Matcher matcher = SHORT_DECIMAL.matcher(text.strip());
        return matcher.matches() ? Optional.of(matcher.group(1) + matcher.group(2) + "iB") : Optional.empty();
    }

    private static long unit(String name, BareUnit bareUnit) throws QuantityFormatException {
        if (name.isEmpty()) {
            return bareUnit.bytes;
        }
        Long unit = UNITS.get(name);
        boolean knownInOtherCase = UNITS.keySet().stream().anyMatch(name::equalsIgnoreCase);
        if (unit == null && knownInOtherCase) {
            String letter = name.substring(0, 1).toUpperCase(Locale.ROOT);
            throw new QuantityFormatException("`" + name + "` is not a unit of size: upper and lower case matter",
                    "did you mean `" + letter + "iB`? `" + letter + "B` is the decimal unit");
        }
        if (unit == null) {
            throw new QuantityFormatException("`" + name + "` is not a unit of size",
                    "use KiB, MiB, GiB, TiB (binary) or KB, MB, GB, TB (decimal)");
        }
        return unit;
    }

    /** How much one of each unit is. */
    public static Map<String, ByteSize> units() {
        return UNITS.entrySet()
                .stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, unit -> new ByteSize(unit.getValue())));
    }

    /** Whole MiB, rounded up. */
    public long mib() {
        return bytes / MIB + (bytes % MIB == 0 ? 0 : 1);
    }

    /** The sum; what exceeds 8 EiB stays there, which no host reaches. */
    public ByteSize plus(ByteSize other) {
        long sum = bytes + other.bytes;
        return new ByteSize(sum < 0 ? Long.MAX_VALUE : sum);
    }

    /** The difference, or zero when {@code other} is larger. */
    public ByteSize minusOrZero(ByteSize other) {
        return new ByteSize(Math.max(0, bytes - other.bytes));
    }

    public ByteSize times(double factor) {
        return new ByteSize((long) Math.floor(bytes * factor));
    }

    public boolean isZero() {
        return bytes == 0;
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }

    public static ByteSize max(ByteSize a, ByteSize b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    /** The form that files hold: the largest binary unit that divides it, {@code 1536MiB}, {@code 2GiB}. */
    public String canonical() {
        return toString().replace(" ", "");
    }

    /**
     * About how much, for people: below 10 GiB whole MiB, rounded up, unless they are whole GiB; from there tenths of GiB, from
     * 10 TiB tenths of TiB: {@code 1536 MiB}, {@code 3382 GiB}, {@code 97.7 GiB}, {@code 14.5 TiB}.
     */
    public String rounded() {
        if (bytes < 10 * GIB || (bytes % GIB == 0 && bytes < 10 * TIB)) {
            return ofMib(mib()).toString();
        }
        boolean tebi = bytes >= 10 * TIB;
        return BigDecimal.valueOf(bytes)
                .divide(BigDecimal.valueOf(tebi ? TIB : GIB), 1, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString() + (tebi ? " TiB" : " GiB");
    }

    /** The form for people: {@code 1536 MiB}, {@code 2 GiB}. */
    @Override
    public String toString() {
        if (bytes == 0) {
            return "0 MiB";
        }
        if (bytes % TIB == 0) {
            return bytes / TIB + " TiB";
        }
        if (bytes % GIB == 0) {
            return bytes / GIB + " GiB";
        }
        return bytes % MIB == 0 ? bytes / MIB + " MiB" : bytes % KIB == 0 ? bytes / KIB + " KiB" : bytes + " B";
    }
}

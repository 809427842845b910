package dev.provision.schema.units;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of CPU time, in thousandths of one CPU.
 *
 * <p>
 * Texts: {@code 2}, {@code 0.5}, {@code 1.5}, or Kubernetes' {@code 500m}. Finer than a thousandth is rounded up.
 *
 * @param millis
 *            thousandths of a CPU, zero or more
 */
public record Cpus(int millis) implements Comparable<Cpus> {

    /** An amount that {@link #parse} reads, as a regular expression; only the bounds are left to it. */
    public static final String PATTERN = "\\s*\\+?(?=[0.]*[1-9])[0-9]*\\.?[0-9]+m?\\s*";

    private static final Pattern GRAMMAR = Pattern.compile("([+-]?[0-9]{0,50}\\.?[0-9]{1,50})(m?)");

    public Cpus {
        if (millis < 0) {
            throw new IllegalArgumentException("negative CPUs: " + millis);
        }
    }

    public static Cpus of(int wholeCpus) {
        return new Cpus(Math.multiplyExact(wholeCpus, 1000));
    }

    /**
     * Reads an amount of CPUs.
     *
     * @throws QuantityFormatException
     *             when the text is no amount of CPUs, is not above zero, or exceeds 2 million
     */
    public static Cpus parse(String text) throws QuantityFormatException {
        Matcher matcher = GRAMMAR.matcher(text.strip());
        if (!matcher.matches()) {
            throw new QuantityFormatException("`" + text + "` is not a number of CPUs",
                    "write a number such as 2, 0.5 or 500m");
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        BigDecimal millis = (matcher.group(2).isEmpty() ? number.movePointRight(3) : number).setScale(0,
                RoundingMode.CEILING);
        if (millis.signum() <= 0) {
            throw new QuantityFormatException("`" + text + "` is not above zero", "write at least 0.001 CPUs");
        }
        if (millis.compareTo(BigDecimal.valueOf(2_000_000_000L)) > 0) {
            throw new QuantityFormatException("`" + text + "` is too large to be a number of CPUs",
                    "write a smaller number");
        }
        return new Cpus(millis.intValueExact());
    }

    /** The number of vCPUs that it takes to use this much: rounded up to whole ones. */
    public int vcpus() {
        return millis / 1000 + (millis % 1000 == 0 ? 0 : 1);
    }

    /** The sum; what exceeds two million CPUs stays there, which no host reaches. */
    public Cpus plus(Cpus other) {
        return new Cpus((int) Math.min(Integer.MAX_VALUE, (long) millis + other.millis));
    }

    /** The difference, or zero when {@code other} is larger. */
    public Cpus minusOrZero(Cpus other) {
        return new Cpus(Math.max(0, millis - other.millis));
    }

    public Cpus times(double factor) {
        return new Cpus((int) Math.floor(millis * factor));
    }

    public boolean isWhole() {
        return millis % 1000 == 0;
    }

    @Override
    public int compareTo(Cpus other) {
        return Integer.compare(millis, other.millis);
    }

    public static Cpus max(Cpus a, Cpus b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    /** The canonical form, without trailing zeros: {@code 2}, {@code 0.5}. */
    @Override
    public String toString() {
        return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
    }
}

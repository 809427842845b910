package dev.provision.schema.format;

import java.util.List;
import java.util.Random;

/** Chance, repeatable by its seed, and the comments that were thrown in: {@code #c0}, {@code #c1} and so on. */
final class Dice {

    private final Random random;
    private int comments;
    private int names;

    Dice(long seed) {
        this.random = new Random(seed);
    }

    boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    /** From 0 to below the bound. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    Random random() {
        return random;
    }

    /** A comment that stands nowhere else. */
    String comment() {
        return "#c" + comments++;
    }

    int comments() {
        return comments;
    }

    /** A name that stands nowhere else. */
    String name(String prefix) {
        return prefix + names++;
    }
}

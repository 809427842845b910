package dev.provision.planner.observed;

import dev.provision.planner.host.DriverCapabilities.Limit;

/** Something around a VMM that runs is not as its machine's record says. It answers all the same, and its guest runs. */
public sealed interface Deviation {

    /** One clause for people: {@code the volume at /srv/data is not served any more}. */
    String text();

    /**
     * What serves a volume has ended. Whoever touches it in the guest waits for ever, and a guest that runs cannot be given
     * another one.
     *
     * @param target
     *            where the guest has mounted it
     */
    record LostVolume(String target) implements Deviation {
        @Override
        public String text() {
            return "the volume at " + target + " is not served any more";
        }
    }

    /**
     * The VMM is held to something else than what was applied, or to nothing.
     *
     * @param found
     *            what it is held to instead: {@code 2}, {@code no limit}
     */
    record OtherLimit(Limit limit, String found) implements Deviation {
        @Override
        public String text() {
            return switch (limit) {
                case CPU_LIMIT -> "cpus.limit is " + found;
                case CPUSET -> "cpuset is " + found;
                case SHARES -> "shares is " + found;
                case MEMORY_HARD -> "memory.hard is " + found;
                case NO_SWAP -> "swap is " + found;
                case IO -> "io is " + found;
            };
        }
    }

    /** Its record is gone or damaged. A copy, which is kept while its VMM runs, says what was in it. */
    record LostRecord() implements Deviation {
        @Override
        public String text() {
            return "its record is lost, and known from a copy";
        }
    }

    /** Its record has it stopped, and it runs: a stop was cut short between the two, or is just being done. */
    record StoppedRecord() implements Deviation {
        @Override
        public String text() {
            return "its record has it stopped: a stop was cut short, or has just begun";
        }
    }

    /** The VMM was started without what could limit the traffic of its disks: as long as it runs, nothing can. */
    record Unthrottled() implements Deviation {
        @Override
        public String text() {
            return "the traffic of its disks cannot be limited before it boots again";
        }
    }
}

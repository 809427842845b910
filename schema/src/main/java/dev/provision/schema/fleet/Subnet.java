package dev.provision.schema.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IPv4 subnet as written.
 *
 * @param address
 *            the one that was written, as a number; it may have host bits
 * @param prefix
 *            0 to 32
 */
public record Subnet(long address, int prefix) {

    private static final Pattern GRAMMAR = Pattern
            .compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})/([12]?[0-9]|3[0-2])");

    /** Empty when the text is no subnet in CIDR notation. */
    public static Optional<Subnet> of(String text) {
        Matcher matcher = GRAMMAR.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long address = 0;
        for (int octet = 1; octet <= 4; octet++) {
            address = address * 256 + Integer.parseInt(matcher.group(octet));
        }
        return Optional.of(new Subnet(address, Integer.parseInt(matcher.group(5))));
    }

    private long size() {
        return 1L << (32 - prefix);
    }

    /** The network's own address, as a number. */
    public long first() {
        return address / size() * size();
    }

    /** The address that reaches all, as a number. */
    public long last() {
        return first() + size() - 1;
    }

    boolean hasHostBits() {
        return address != first();
    }

    /** 0.0.0.0/8, 127.0.0.0/8, and all from 224.0.0.0 on: no host can have these addresses (RFC 6890, RFC 1112). */
    boolean isReserved() {
        long network = first() >> 24;
        return network == 0 || network == 127 || network >= 224;
    }

    public boolean overlaps(Subnet other) {
        return first() <= other.last() && other.first() <= last();
    }

    /** How many machines it has room for: all addresses but the network's own, the host's and the last, which reaches all. */
    public long room() {
        return Math.max(0, size() - 3);
    }

    /**
     * The address of a machine.
     *
     * @param place
     *            0 to {@link #room} - 1
     */
    public String machine(long place) {
        return text(first() + 2 + place);
    }

    /** The address that is kept for the host: no machine has it. */
    public String host() {
        return text(first() + 1);
    }

    /** A machine can have this address. */
    public boolean hasRoomFor(String written) {
        return of(written + "/32").filter(one -> one.address() > first() + 1 && one.address() < last()).isPresent();
    }

    /** {@code 10.77.0.0/24}, without host bits. */
    @Override
    public String toString() {
        return text(first()) + "/" + prefix;
    }

    private static String text(long number) {
        List<String> octets = new ArrayList<>();
        for (int shift = 24; shift >= 0; shift -= 8) {
            octets.add(Long.toString(number >> shift & 255));
        }
        return String.join(".", octets);
    }
}

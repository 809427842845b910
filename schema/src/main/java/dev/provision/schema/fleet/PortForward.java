package dev.provision.schema.fleet;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.schema.units.QuantityFormatException;

/**
 * A host port that reaches a guest port.
 *
 * @param hostAddress
 *            IPv4 address of the host, {@code 127.0.0.1} unless told otherwise
 * @param hostPort
 *            1 to 65535
 * @param guestPort
 *            1 to 65535
 */
public record PortForward(String hostAddress, int hostPort, int guestPort, Protocol protocol) {

    /** What is forwarded. */
    public enum Protocol {
        TCP, UDP;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern GRAMMAR = Pattern.compile(
            "(?:(" + OCTET + "(?:\\." + OCTET + "){3}):)?(\\d{1,9}):(\\d{1,9})(?:/(tcp|udp))?");
    private static final String FORM = "write [ADDRESS:]HOST_PORT:GUEST_PORT[/udp], such as 8080:80 or 127.0.0.1:8080:80";

    /**
     * Reads Docker's notation; without an address the port is bound to the loopback address only.
     *
     * @throws QuantityFormatException
     *             when the text has another form or a port is not within 1 to 65535
     */
    public static PortForward parse(String text) throws QuantityFormatException {
        Matcher matcher = GRAMMAR.matcher(text.strip());
        if (!matcher.matches()) {
            throw new QuantityFormatException("`" + text + "` is not a port forward", FORM);
        }
        String address = matcher.group(1) == null ? "127.0.0.1" : matcher.group(1);
        Protocol protocol = "udp".equals(matcher.group(4)) ? Protocol.UDP : Protocol.TCP;
        return new PortForward(address, port(text, matcher.group(2)), port(text, matcher.group(3)), protocol);
    }

    private static int port(String text, String digits) throws QuantityFormatException {
        int port = Integer.parseInt(digits);
        if (port < 1 || port > 65535) {
            throw new QuantityFormatException("port " + port + " in `" + text + "` does not exist",
                    "use ports from 1 to 65535");
        }
        return port;
    }

    /** Whether a text that {@link #parse} reads says the address. */
    public static boolean namesAddress(String text) {
        return text.indexOf(':') != text.lastIndexOf(':');
    }

    /** {@code 127.0.0.1:8080:80} or {@code 127.0.0.1:53:53/udp}. */
    @Override
    public String toString() {
        return toString(true);
    }

    /** As {@link #toString()}, or without the address. */
    public String toString(boolean withAddress) {
        return (withAddress ? hostAddress + ":" : "") + hostPort + ":" + guestPort
                + (protocol == Protocol.UDP ? "/udp" : "");
    }
}

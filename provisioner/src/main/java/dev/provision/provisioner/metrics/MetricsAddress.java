package dev.provision.provisioner.metrics;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where figures can be asked for: on this host alone, since whoever can ask learns the names of machines. */
public sealed interface MetricsAddress {

    /** {@code 127.0.0.1:9090} or {@code [::1]:9090}; port 0 is any that is free. */
    record Loopback(InetSocketAddress address) implements MetricsAddress {}

    /** {@code unix:/run/lab.sock}: a socket that only its owner may connect to. */
    record UnixSocket(Path path) implements MetricsAddress {}

    /** An address in digits, so that nobody asks a name server: {@code 127.0.0.1:9090}. */
    Pattern ADDRESS = Pattern.compile("(?:\\[([0-9a-fA-F:]+)]|([0-9]{1,3}(?:\\.[0-9]{1,3}){3})):([0-9]{1,5})");

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException
     *             when it is none, or one that other hosts can reach; the message says why and what to write
     */
    static MetricsAddress parse(String text) {
        if (text.startsWith("unix:") && text.length() > "unix:".length()) {
            return new UnixSocket(Path.of(text.substring("unix:".length())).toAbsolutePath());
        }
        Matcher address = ADDRESS.matcher(text);
        if (!address.matches() || Integer.parseInt(address.group(3)) > 65_535) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no address; use 127.0.0.1:PORT, [::1]:PORT or unix:PATH");
        }
        String host = address.group(1) == null ? address.group(2) : address.group(1);
        InetAddress ip = literal(host);
        if (!ip.isLoopbackAddress()) {
            throw new IllegalArgumentException("'" + host + "' can be reached from other hosts, and figures are"
                    + " given without asking who wants them; use 127.0.0.1:PORT, [::1]:PORT or unix:PATH");
        }
        return new Loopback(new InetSocketAddress(ip, Integer.parseInt(address.group(3))));
    }

    private static InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + host + "' is no address; use 127.0.0.1 or [::1]", e);
        }
    }
}

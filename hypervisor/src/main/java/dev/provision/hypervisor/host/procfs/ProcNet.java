package dev.provision.hypervisor.host.procfs;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import dev.provision.schema.fleet.PortForward.Protocol;

/**
 * Reads who holds which port from /proc/net/{tcp,tcp6,udp,udp6} (proc_net(5); Linux, Documentation/networking/
 * proc_net_tcp.rst): after a line of titles one socket a line, {@code sl local_address rem_address st …}, addresses in the
 * host's byte order by words of four bytes, ports and states in hexadecimal. Pure functions.
 */
public final class ProcNet {

    /** include/net/tcp_states.h */
    private static final String TCP_LISTEN = "0A";
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    /**
     * A socket that is bound, and that nobody else can bind beside it.
     *
     * @param address
     *            as text, IPv4 also where an IPv6 socket is bound to an IPv4 address
     * @param inode
     *            by which the process that has it open is found, {@code /proc/PID/fd/N -> socket:[INODE]}
     */
    public record BoundSocket(Protocol protocol, String address, int port, long inode) {}

    private ProcNet() {}

    /** Sockets that listen for TCP, or all that are bound for UDP, which does not listen. Lines cut short are left out. */
    public static List<BoundSocket> bound(Protocol protocol, String table) {
        List<BoundSocket> sockets = new ArrayList<>();
        for (String line : table.lines().skip(1).toList()) {
            String[] fields = line.strip().split("\\s+", -1);
            if (fields.length > INODE && (protocol == Protocol.UDP || fields[STATE].equals(TCP_LISTEN))) {
                socket(protocol, fields).ifPresent(sockets::add);
            }
        }
        return sockets;
    }

    private static Optional<BoundSocket> socket(Protocol protocol, String[] fields) {
        int colon = fields[LOCAL].indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        try {
            int port = Integer.parseInt(fields[LOCAL].substring(colon + 1), 16);
            return Optional.of(new BoundSocket(protocol, address(fields[LOCAL].substring(0, colon)), port,
                    Long.parseLong(fields[INODE])));
        } catch (IllegalArgumentException | UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Words of four bytes, each in the host's order. */
    private static String address(String hex) throws UnknownHostException {
        ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.nativeOrder());
        ByteBuffer bytes = ByteBuffer.allocate(words.capacity());
        while (words.hasRemaining()) {
            bytes.putInt(words.getInt());
        }
        String text = InetAddress.getByAddress(bytes.array()).getHostAddress(); // mapped addresses become IPv4
        return text.equals("0:0:0:0:0:0:0:0") ? "::" : text;
    }
}

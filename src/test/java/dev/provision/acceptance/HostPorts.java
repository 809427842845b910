package dev.provision.acceptance;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;

/**
 * Ports of this host that are free, and still are when they are forwarded seconds later: none of those that the kernel gives to
 * who asks for any (ip_local_port_range, from 32768 on), and others whenever it is asked, for suites that run at the same time.
 */
public final class HostPorts {

    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final int LOWEST_OF_ROOT = 600;
    private static final int HIGHEST_OF_ROOT = 1_023;
    private static final int TRIES = 1_000;

    private HostPorts() {}

    public static int tcp() {
        return tcp(1).getFirst();
    }

    /** Different ones. */
    public static List<Integer> tcp(int count) {
        return free(count, LOWEST, HIGHEST, HostPorts::isFreeForTcp);
    }

    public static int udp() {
        return free(1, LOWEST, HIGHEST, HostPorts::isFreeForUdp).getFirst();
    }

    /** One that only root may take. */
    public static int tcpOfRoot() {
        return free(1, LOWEST_OF_ROOT, HIGHEST_OF_ROOT, HostPorts::isFreeForTcp).getFirst();
    }

    private static List<Integer> free(int count, int lowest, int highest, IntPredicate isFree) {
        SequencedSet<Integer> ports = new LinkedHashSet<>();
        for (int attempt = 0; attempt < TRIES && ports.size() < count; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(lowest, highest + 1);
            if (isFree.test(port)) {
                ports.add(port);
            }
        }
        if (ports.size() < count) {
            throw new AssertionError("no free ports from " + lowest + " to " + highest);
        }
        return List.copyOf(ports);
    }

    /** On all addresses. */
    private static boolean isFreeForTcp(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static boolean isFreeForUdp(int port) {
        try (DatagramSocket socket = new DatagramSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}

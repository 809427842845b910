package dev.provision.hypervisor.host.procfs;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.provision.hypervisor.host.procfs.ProcNet.BoundSocket;
import dev.provision.schema.fleet.PortForward.Protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Tables in the format of Linux on a little-endian machine. */
class ProcNetTest {

    private static final String TCP = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1215 1 000000000902a970 100 0 0 10 0
               1: 0100007F:3C38 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41772 1 0000000000000000 100 0 0 10 0
               2: 0100007F:3C38 0100007F:D2A4 01 00000000:00000000 00:00000000 00000000  1000        0 41790 1 0000000000000000 20 4 30 10 -1
               3: 0100007F:1F9
            """;

    private static final String TCP6 = """
              sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17 1 0000000000000000 100 0 0 10 0
               1: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 18 1 0000000000000000 100 0 0 10 0
               2: 00000000000000000000000001000000:0277 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 19 1 0000000000000000 100 0 0 10 0
            """;

    private static final String UDP = """
               sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
             1011: 3500007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000   101        0 23 2 0000000000000000 0
             1020: 0200A8C0:0044 0100A8C0:0043 01 00000000:00000000 00:00000000 00000000   100        0 24 2 0000000000000000 0
            """;

    @Test
    void tcpSocketsThatListen() {
        assertEquals(List.of(new BoundSocket(Protocol.TCP, "0.0.0.0", 2024, 1215),
                new BoundSocket(Protocol.TCP, "127.0.0.1", 15416, 41772)), ProcNet.bound(Protocol.TCP, TCP));
    }

    @Test
    void ipv6AndIpv4WithinIt() {
        assertEquals(List.of("::", "127.0.0.1", "0:0:0:0:0:0:0:1"),
                ProcNet.bound(Protocol.TCP, TCP6).stream().map(BoundSocket::address).toList());
    }

    @Test
    void udpSocketsDoNotListenButHoldTheirPort() {
        assertEquals(List.of(new BoundSocket(Protocol.UDP, "127.0.0.53", 53, 23),
                new BoundSocket(Protocol.UDP, "192.168.0.2", 68, 24)), ProcNet.bound(Protocol.UDP, UDP));
        assertEquals(List.of(), ProcNet.bound(Protocol.UDP, ""));
    }
}

package dev.provision.hypervisor.qemu.live;

import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.provision.schema.fleet.PortForward;

import static org.junit.jupiter.api.Assertions.assertEquals;

class PortForwardingTest {

    /** As QEMU 7.2 writes it. */
    private static final String USERNET = """
            Hub -1 (net0):
              Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ
              TCP[ESTABLISHED]   14       127.0.0.1  8080       10.0.2.15    80     0     0
              TCP[HOST_FORWARD]  12       127.0.0.1  8080       10.0.2.15    80     0     0\r
              UDP[HOST_FORWARD]  13               *  5353       10.0.2.15    53     0     0\r
            """;

    @Test
    void readsForwards() {
        assertEquals(Set.of(new PortForward("127.0.0.1", 8080, 80, PortForward.Protocol.TCP),
                new PortForward("0.0.0.0", 5353, 53, PortForward.Protocol.UDP)), PortForwarding.present(USERNET));
        assertEquals(Set.of(), PortForwarding.present(""));
    }
}

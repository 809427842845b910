package dev.provision.provisioner.cli;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HostAddressesTest {

    @Test
    void eachCanBeListenedOnAndNoneIsOfAnotherHost() throws Exception {
        Set<String> addresses = HostAddresses.ofThisHost();
        assertFalse(addresses.contains("192.0.2.1"), "for documentation only (RFC 5737)");
        assertTrue(addresses.isEmpty() || addresses.contains("127.0.0.1"), addresses::toString);
        for (String address : addresses) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(address))) {
                assertTrue(socket.isBound());
            }
        }
    }
}

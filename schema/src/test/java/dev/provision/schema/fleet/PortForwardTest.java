package dev.provision.schema.fleet;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.schema.units.QuantityFormatException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class PortForwardTest {

    @ParameterizedTest
    @CsvSource({"8080:80, 127.0.0.1:8080:80", "127.0.0.1:5432:5432, 127.0.0.1:5432:5432",
        "0.0.0.0:1:65535, 0.0.0.0:1:65535",
        "53:53/udp, 127.0.0.1:53:53/udp", "53:53/tcp, 127.0.0.1:53:53",
        "255.255.255.255:080:80, 255.255.255.255:80:80"})
    void readsDockersNotation(String text, String canonical) throws Exception {
        PortForward port = PortForward.parse(text);
        assertEquals(canonical, port.toString());
        assertEquals(port, PortForward.parse(canonical));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80", ":80", "80:", "0:80", "80:0", "65536:80", "80:65536", "999999999:1",
        "9999999999:1",
        "256.0.0.1:80:80", "1.2.3:80:80", "127.0.0.01:80:80", "[::1]:80:80", "localhost:80:80", "80:80/sctp",
        "80:80/UDP", "-1:80", "80-90:80-90"})
    void refusesEverythingElse(String text) {
        assertThrows(QuantityFormatException.class, () -> PortForward.parse(text));
    }
}

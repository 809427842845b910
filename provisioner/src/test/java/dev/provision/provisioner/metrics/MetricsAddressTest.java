package dev.provision.provisioner.metrics;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MetricsAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:9090", "192.168.1.2:9090", "[::]:9090", "[2001:db8::1]:9090"})
    void whatOthersCanReachIsRefused(String text) {
        String why = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> MetricsAddress.parse(text)).getMessage());
        assertTrue(why.contains("can be reached from other hosts"), why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9090", "localhost:9090", "127.0.0.1", "127.0.0.1:99999", "unix:", "999.0.0.1:80"})
    void whatIsNoAddressIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> MetricsAddress.parse(text));
    }
}

package dev.provision.hypervisor.qemu.channel;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DeadlineTest {

    @Test
    void noWaitIsTooLong() {
        Deadline deadline = Deadline.in(Duration.ofSeconds(Long.MAX_VALUE));
        assertFalse(deadline.passed());
        assertEquals(Duration.ofSeconds(Long.MAX_VALUE), deadline.allowed());
        assertTrue(deadline.orIn(Duration.ZERO).passed());
    }
}

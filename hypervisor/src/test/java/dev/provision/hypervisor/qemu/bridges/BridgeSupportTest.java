package dev.provision.hypervisor.qemu.bridges;

import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.provision.planner.host.DriverCapabilities.Lack;

import static org.junit.jupiter.api.Assertions.assertEquals;

class BridgeSupportTest {

    private static final String ROOT = "Name:\tjava\nUid:\t0\t0\t0\t0\nCapEff:\t0000000000001000\n";

    private static String why(boolean hasTun, boolean hasIp, String status) {
        return BridgeSupport.lack(hasTun, hasIp, status).map(Lack::why).orElse("");
    }

    @Test
    void saysWhatAHostLacks() {
        assertEquals(Optional.empty(), BridgeSupport.lack(true, true, ROOT));
        assertEquals("bridges and taps are network devices of Linux", why(true, true, ""));
        assertEquals("only root makes taps and puts them on a bridge",
                why(true, true, ROOT.replace("\t0\t0\t0\t0", "\t1000\t1000\t1000\t1000")));
        assertEquals("this container's root lacks CAP_NET_ADMIN, which taps take",
                why(true, true, ROOT.replace("1000", "0fff")));
        assertEquals("there is no /dev/net/tun, which makes taps", why(false, true, ROOT));
        assertEquals("there is no `ip` on the search path, which bridges need", why(true, false, ROOT));
    }
}

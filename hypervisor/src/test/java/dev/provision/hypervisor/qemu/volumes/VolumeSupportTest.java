package dev.provision.hypervisor.qemu.volumes;

import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.planner.host.DriverCapabilities.Lack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VolumeSupportTest {
    private static final String ALL = "000001ffffffffff";

    /** What Docker gives root in a container. */
    private static final String CONTAINER = "00000000a80425fb";

    private static String status(int user, String capabilities) {
        return "Name:\tjava\nUid:\t1000\t%d\t%d\t%d\nCapPrm:\t%s\nCapEff:\t%s\n"
                .formatted(user, user, user, ALL, capabilities);
    }

    private static Optional<Lack> lack(boolean server, String tools, String status) {
        return VolumeSupport.lack(server, Set.of(tools.split(" "))::contains, status);
    }

    @Test
    void rootOfAHostWithAllProgramsCan() {
        assertEquals(Optional.empty(), lack(true, "unshare mount sh", status(0, ALL)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            false | unshare mount sh | 0    | 000001ffffffffff | there is no /usr/lib/qemu/virtiofsd | qemu-system-common
            true  | unshare sh       | 0    | 000001ffffffffff | there is no `mount`                 | util-linux
            true  | unshare mount sh | 1000 | 000001ffffffffff | as root only                        | run provision as root
            true  | unshare mount sh | 1000 | 0                | as root only                        | run provision as root
            true  | unshare mount sh | 0    | 00000000a80425fb | CAP_SYS_ADMIN                       | outside of the container
            """)
    void saysWhatIsMissingAndWhatToDo(boolean server, String tools, int user, String capabilities, String why,
            String fix) {
        Lack lack = lack(server, tools, status(user, capabilities)).orElseThrow();
        assertTrue(lack.why().contains(why), lack.why());
        assertTrue(lack.fix().contains(fix), lack.fix());
    }

    @Test
    void otherSystemsCannot() {
        assertTrue(lack(true, "unshare mount sh", "").orElseThrow().why().contains("Linux"));
        assertTrue(lack(true, "unshare mount sh", status(0, CONTAINER)).isPresent());
    }
}

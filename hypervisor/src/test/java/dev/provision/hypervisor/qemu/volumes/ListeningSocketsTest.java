package dev.provision.hypervisor.qemu.volumes;

import java.nio.file.Path;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ListeningSocketsTest {

    private static final String TABLE = """
            Num       RefCount Protocol Flags    Type St Inode Path
            00000000873e84a3: 00000002 00000000 00010000 0001 01 1077162 /run/a b/0.sock
            00000000873e84a4: 00000003 00000000 00000000 0001 03 1077163 /run/a b/1.sock
            00000000873e84a5: 00000003 00000000 00000000 0001 03 1077164
            """;

    @ParameterizedTest
    @CsvSource({"/run/a b/0.sock, true", "/run/a b/1.sock, false", "/run/a, false", "/run/a b/0.soc, false"})
    void countsThoseThatAreListenedOn(String socket, boolean listening) {
        assertEquals(listening, ListeningSockets.has(TABLE, Path.of(socket)));
    }
}

package dev.provision.hypervisor.image.deb;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class MergedUsrTest {

    @ParameterizedTest
    @CsvSource({
        "./bin/busybox, usr/bin/busybox",
        "/lib64/ld.so, usr/lib64/ld.so",
        "./usr/sbin/qemu-ga, usr/sbin/qemu-ga",
        "./etc/mke2fs.conf, etc/mke2fs.conf",
        "usr/lib/x86/../liba.so, usr/lib/liba.so",
        "../../etc/passwd, etc/passwd"
    })
    void pathsAreOfAMergedSystem(String path, String expected) {
        assertEquals(expected, MergedUsr.normalize(path));
    }

    @ParameterizedTest
    @CsvSource({
        "usr/lib64/ld.so, /lib/x86/ld-2.so, usr/lib/x86/ld-2.so",
        "usr/lib/x86/liba.so, liba.so.1, usr/lib/x86/liba.so.1",
        "usr/lib/x86/liba.so, ../liba.so.1, usr/lib/liba.so.1"
    })
    void linksAreFollowed(String link, String target, String expected) {
        assertEquals(expected, MergedUsr.resolve(link, target));
    }
}

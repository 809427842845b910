package dev.provision.hypervisor.image.cpio;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class NewcWriterTest {

    private static byte[] written(Initramfs tree) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NewcWriter.write(tree, out);
        return out.toByteArray();
    }

    private static Initramfs sample() {
        return new Initramfs()
                .file("usr/bin/hello", 0755, "hi\n".getBytes(UTF_8))
                .link("bin", "usr/bin")
                .put("dev/console", new InitramfsEntry.CharacterDevice(0600, 5, 1));
    }

    @Test
    void headerFieldsStandWhereTheFormatSays() throws IOException {
        byte[] archive = written(new Initramfs().file("ab", 0644, "xyz".getBytes(UTF_8)));

        String expectedHeader = "070701" + "00000001" + "000081a4" + "00000000".repeat(2) + "00000001" + "00000000"
                + "00000003" + "00000000".repeat(4) + "00000003" + "00000000";
        assertEquals(expectedHeader, new String(archive, 0, 110, US_ASCII));
        assertEquals("ab\0", new String(archive, 110, 3, US_ASCII));
        assertEquals("\0\0\0xyz\0", new String(archive, 113, 7, US_ASCII), "name and data are padded to 4");
        assertEquals("070701", new String(archive, 120, 6, US_ASCII), "the trailer follows");
    }

    @Test
    void anIndependentReaderFindsEveryEntry() throws IOException {
        List<String> seen = new ArrayList<>();
        try (CpioArchiveInputStream in = new CpioArchiveInputStream(new ByteArrayInputStream(written(sample())))) {
            for (CpioArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String content = new String(in.readAllBytes(), UTF_8);
                seen.add("%s %o %d:%d %d %d %s".formatted(entry.getName(), entry.getMode(), entry.getUID(),
                        entry.getGID(), entry.getTime(), entry.getInode(), content));
            }
        }
        assertEquals(List.of("bin 120777 0:0 0 1 usr/bin", "dev 40755 0:0 0 2 ", "dev/console 20600 0:0 0 3 ",
                "usr 40755 0:0 0 4 ", "usr/bin 40755 0:0 0 5 ", "usr/bin/hello 100755 0:0 0 6 hi\n"), seen);
    }

    @Test
    void theOrderOfAddingDoesNotShow() throws IOException {
        Initramfs reversed = new Initramfs()
                .put("dev/console", new InitramfsEntry.CharacterDevice(0600, 5, 1))
                .link("bin", "usr/bin")
                .file("usr/bin/hello", 0755, "hi\n".getBytes(UTF_8));
        assertArrayEquals(written(sample()), written(reversed));
    }

    @Test
    void absoluteAndSloppyPathsAreRefused() {
        for (String path : List.of("", "/etc", "a//b", "a/")) {
            assertThrows(IllegalArgumentException.class, () -> new Initramfs().folder(path, 0755), path);
        }
    }
}

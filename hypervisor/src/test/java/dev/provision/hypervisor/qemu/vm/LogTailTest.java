package dev.provision.hypervisor.qemu.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.qemu.channel.UntrustedText;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

class LogTailTest {

    @Test
    void takesTerminalControlAway() {
        assertEquals("red title plain",
                UntrustedText.line("\u001b[1;31mred\u001b[0m \u001b]0;x\u0007title\u0007 \u009bplain\r"));
        assertEquals(401, UntrustedText.line("x".repeat(100_000)).length());
    }

    @Test
    void keepsTheLastLines(@TempDir Path folder) throws IOException {
        Path log = folder.resolve("log");
        Files.writeString(log, "x".repeat(20_000) + "\n1\n\n2\n3");
        assertEquals(List.of("2", "3"), LogTail.of(log, 2));
        assertEquals(List.of(), LogTail.of(folder.resolve("absent"), 2));
    }

    @Test
    void aMessageIsOneShortLine() {
        assertEquals("one two…", UntrustedText.line("one\r\ntwo\u2028" + "\u202e".repeat(10_000)));
        String emoji = new String(Character.toChars(0x1f600));
        assertEquals("x".repeat(399) + "…", UntrustedText.line("x".repeat(399) + emoji + emoji));
        assertTimeout(Duration.ofSeconds(5), () -> UntrustedText.line("\u001b[ \n".repeat(10_000_000)));
    }
}

package dev.provision.hypervisor.qemu.vm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

class AttemptLogTest {

    private static final String LOG = "\u001eattempt=4\none\n\u001eattempt=5\nno end of line\u001eattempt=6\nlast\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private Path log(String text) throws IOException {
        return Files.writeString(folder.resolve("run.log"), text);
    }

    private static List<String> words(List<AttemptLog.Attempt> attempts) {
        return attempts.stream()
                .map(attempt -> attempt.number() + ":" + attempt.output().toString(StandardCharsets.UTF_8).strip())
                .toList();
    }

    @Test
    void tellsAttemptsApart() throws IOException {
        assertEquals(List.of("4:one", "5:no end of line", "6:last"), words(AttemptLog.attempts(log(LOG))));
        assertEquals(List.of("3:rest", "4:one", "5:no end of line", "6:last"),
                words(AttemptLog.attempts(log("rest\n" + LOG))), "the mark of the first one was cut off");
        assertEquals(List.of("1:unmarked"), words(AttemptLog.attempts(log("unmarked\n"))));
        assertEquals(List.of(), words(AttemptLog.attempts(log(""))));
    }

    @Test
    void lastLinesAreOfTheLastAttempt() throws IOException {
        assertEquals(List.of("last"), AttemptLog.lastLines(log(LOG), 5));
        assertEquals(List.of("b", "c"), AttemptLog.lastLines(log("a\nb\nc\n"), 2));
        assertEquals(List.of(), AttemptLog.lastLines(folder.resolve("absent"), 2));
    }

    @Test
    void marksAreFoundInPiecesAndNothingElseIsTakenForOne() throws IOException {
        String odd = "\u001eattempt=\n\u001eattemp \u001e\u001eattempt=7\nx\u001e\u001eattempt=12345678901\ny\u001eatt";
        for (int size : new int[]{1, 2, 3, 7, 100}) {
            List<Integer> numbers = new ArrayList<>();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] bytes = (LOG + odd).getBytes(StandardCharsets.UTF_8);
            try (OutputStream unmarked = AttemptLog.unmarked(out, numbers::add)) {
                for (int from = 0; from < bytes.length; from += size) {
                    unmarked.write(bytes, from, Math.min(size, bytes.length - from));
                }
            }
            assertEquals("one\nno end of linelast\n\u001eattempt=\n\u001eattemp \u001ex\u001e"
                    + "\u001eattempt=12345678901\ny\u001eatt", out.toString(StandardCharsets.UTF_8));
            assertEquals(List.of(4, 5, 6, 7), numbers);
        }
    }
}

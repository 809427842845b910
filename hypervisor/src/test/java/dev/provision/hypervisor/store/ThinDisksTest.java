package dev.provision.hypervisor.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ThinDisksTest {

    @TempDir
    private Path state = Path.of("");

    private Path disk(String path, long mib, int written) throws IOException {
        Path file = state.resolve("fleets").resolve(path);
        Files.createDirectories(file.resolveSibling("x").getParent());
        try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
            disk.setLength(ByteSize.ofMib(mib).bytes());
            disk.write(new byte[written]);
        }
        return file;
    }

    @Test
    void whatIsNotAllocatedYetCanStillBeTaken() throws IOException {
        StoreLayout layout = new StoreLayout(state, state);
        assertEquals(ByteSize.ZERO, ThinDisks.promised(layout), "no store yet");
        disk("shop/storage/db.img", 100, 8 << 20);
        disk("lab/machines/a/overlay.img", 50, 0);
        disk("lab/machines/a/run.log", 70, 0);
        long mib = ThinDisks.promised(layout).mib();
        assertTrue(mib >= 141 && mib <= 150, mib + " MiB of 100 less 8 and 50");
    }

    @Test
    void readsWhatDuPrints() throws IOException {
        Path disk = disk("shop/storage/a b.img", 3, 0);
        assertEquals(ByteSize.ofMib(2), ThinDisks.growth("1024\t" + disk + "\n4\t" + disk.getParent()
                + "\nrubbish\n12\t/gone.img\n"));
        assertEquals(ByteSize.ZERO, ThinDisks.growth("9999999\t" + disk), "never below zero");
    }
}

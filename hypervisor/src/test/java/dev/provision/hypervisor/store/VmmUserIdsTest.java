package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.MachineId;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VmmUserIdsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void eachMachineHasOneOfItsOwnAndKeepsIt() throws IOException {
        StoreLayout layout = new StoreLayout(folder.resolve("state"), folder.resolve("run"));
        VmmUserIds users = new VmmUserIds(layout);
        MachineId web = new MachineId("shop", "web");
        int first = users.claim(web);
        assertTrue(first >= VmmUserIds.FIRST && first <= VmmUserIds.LAST);
        assertEquals(first, users.claim(web));
        users.release(web);
        assertFalse(Files.exists(layout.vmmUser(first)));
        // Another machine has it by now, as one with the same hash would.
        PrivateFiles.makeDirectories(layout.vmmUsersDir());
        Files.writeString(layout.vmmUser(first), "shop/other\n");
        int second = users.claim(web);
        assertNotEquals(first, second);
        assertEquals(second, users.claim(web));
        users.release(web);
        assertEquals("shop/other\n", Files.readString(layout.vmmUser(first)));
        assertFalse(Files.exists(layout.vmmUser(second)));
    }

    /** Others have been given back since: the numbers between have gone. */
    @Test
    void givesBackANumberBehindAGap() throws IOException {
        StoreLayout layout = new StoreLayout(folder.resolve("state"), folder.resolve("run"));
        VmmUserIds users = new VmmUserIds(layout);
        MachineId web = new MachineId("shop", "web");
        int preferred = users.claim(web);
        users.release(web);
        Files.writeString(layout.vmmUser(preferred), "shop/other\n");
        int second = users.claim(web);
        Files.delete(layout.vmmUser(preferred));
        users.release(web);
        assertFalse(Files.exists(layout.vmmUser(second)));
        assertTrue(Files.isDirectory(layout.vmmUsersDir()), "another one may just claim a number");
    }

    @Test
    void aMachineThatIsGoneHasNoNumber() throws IOException {
        StoreLayout layout = new StoreLayout(folder.resolve("state"), folder.resolve("run"));
        MachineId web = new MachineId("shop", "web");
        int user = new VmmUserIds(layout).claim(web);
        PrivateFiles.makeDirectories(layout.machine(web).directory());
        new MachineStore(layout).remove(web, false);
        assertFalse(Files.exists(layout.vmmUser(user)));
        assertFalse(Files.exists(layout.machine(web).directory()));
    }

    @Test
    void aClaimIsThereWholeOrNotAtAll() throws IOException {
        StoreLayout layout = new StoreLayout(folder.resolve("state"), folder.resolve("run"));
        PrivateFiles.makeDirectories(layout.vmmUsersDir());
        Path file = layout.vmmUser(VmmUserIds.FIRST);
        assertTrue(PrivateFiles.makeNew(file, "a\n".getBytes(StandardCharsets.UTF_8)));
        assertFalse(PrivateFiles.makeNew(file, "b\n".getBytes(StandardCharsets.UTF_8)));
        assertEquals("a\n", Files.readString(file));
        try (Stream<Path> all = Files.list(layout.vmmUsersDir())) {
            assertEquals(1, all.count(), "nothing temporary is left");
        }
    }
}

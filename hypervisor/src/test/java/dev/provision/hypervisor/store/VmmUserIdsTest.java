package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
}

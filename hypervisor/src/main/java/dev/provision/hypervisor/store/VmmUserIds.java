package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import dev.provision.hypervisor.MachineId;

/**
 * The numbers of the users that VMMs of root run as, one for each machine, so that who breaks out of one VMM is nobody to
 * the others. They are of a range that systemd's "Users, Groups, UIDs and GIDs" lists as unused by everybody, above
 * containers' users: no entry of /etc/passwd is needed. A number follows from the machine and the store; the file
 * {@code STATE/vmm-users/NUMBER} says whose it is, so that no two machines of a store have the same.
 */
public final class VmmUserIds {
    /** 1879048192 */
    public static final int FIRST = 0x7000_0000;
    /** 1895825407 */
    public static final int LAST = 0x70ff_ffff;
    private static final int COUNT = LAST - FIRST + 1;

    private final StoreLayout layout;

    public VmmUserIds(StoreLayout layout) {
        this.layout = layout;
    }

    /** The machine's number; the same one until {@link #release}. */
    public int claim(MachineId id) throws IOException {
        PrivateFiles.makeDirectories(layout.vmmUsersDir());
        byte[] owner = owner(id);
        int user = preferred(id);
        while (!PrivateFiles.makeNew(layout.vmmUser(user), owner) && !isOf(id, layout.vmmUser(user))) {
            user = user == LAST ? FIRST : user + 1;
        }
        return user;
    }

    /** Gives the machine's number back; nothing happens when it has none. The folder stays: another may just claim one. */
    void release(MachineId id) throws IOException {
        if (!Files.isDirectory(layout.vmmUsersDir())) {
            return;
        }
        try (DirectoryStream<Path> numbers = Files.newDirectoryStream(layout.vmmUsersDir())) {
            for (Path number : numbers) {
                if (isOf(id, number)) {
                    Files.deleteIfExists(number);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static boolean isOf(MachineId id, Path number) throws IOException {
        try {
            return java.util.Arrays.equals(Files.readAllBytes(number), owner(id));
        } catch (NoSuchFileException e) {
            return false; // given back since: the next number is as good
        }
    }

    private static byte[] owner(MachineId id) {
        return (id + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Of two stores on a host the same machine has most likely two numbers. */
    private int preferred(MachineId id) {
        return FIRST + Math.floorMod(NameHash.of(layout.machine(id).directory().toString()).getInt(), COUNT);
    }
}

package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Objects;

/** Gives a person's file another content, all of it or none, and leaves it theirs. */
final class Replacement {

    private Replacement() {}

    /**
     * Writes a text over a file as UTF-8: at any instant the file has its old content or the new one. It keeps its owner, its
     * group and its permissions; of a symbolic link, the file behind it is replaced.
     */
    static void write(Path file, String text) throws IOException {
        Path target = file.toRealPath();
        if (!Files.isWritable(target)) {
            throw new AccessDeniedException(target.toString());
        }
        Path folder = Objects.requireNonNull(target.getParent());
        Path temporary = Files.createTempFile(folder, "." + target.getFileName() + "-", ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            copyOwnership(target, temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Only root may give files away; whoever writes a file of another one without being root, would own it then. */
    private static void copyOwnership(Path from, Path to) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(from, PosixFileAttributes.class);
        PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
        PosixFileAttributes fresh = view.readAttributes();
        if (!fresh.owner().equals(attributes.owner())) {
            view.setOwner(attributes.owner());
        }
        if (!fresh.group().equals(attributes.group())) {
            view.setGroup(attributes.group());
        }
        view.setPermissions(attributes.permissions());
    }
}

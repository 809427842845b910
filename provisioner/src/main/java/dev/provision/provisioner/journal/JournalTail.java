package dev.provision.provisioner.journal;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

import org.jspecify.annotations.Nullable;

/**
 * Follows a journal: what has been written since one looked last, also when it was put aside or removed in between. The file that is
 * read is kept open: so it can be read to its end, and no other gets its number.
 */
public final class JournalTail implements Closeable {

    private record Followed(FileChannel channel, Object identity) {}

    private final Path path;
    private @Nullable Followed followed;

    /** Begins with the first line of the journal that is there. */
    public JournalTail(Path path) {
        this.path = path;
    }

    /** What was written since the last call, oldest line first. */
    public JournalReader.Contents next() throws IOException {
        ByteArrayOutputStream news = new ByteArrayOutputStream();
        Object now = identity(path);
        if (followed != null) {
            readOn(followed.channel(), news); // after the look: who writes to it now has not put it aside
            if (!followed.identity().equals(now)) {
                close();
            }
        }
        if (followed == null && now != null) {
            followed = open(now);
            if (followed != null) {
                readOn(followed.channel(), news);
            }
        }
        return JournalReader.parse(news.toByteArray());
    }

    @Override
    public void close() throws IOException {
        if (followed != null) {
            followed.channel().close();
            followed = null;
        }
    }

    /** Nothing when it is another one by now: it is opened the next time. */
    private @Nullable Followed open(Object identity) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(path);
        } catch (NoSuchFileException e) {
            return null;
        }
        if (identity.equals(identity(path))) {
            return new Followed(channel, identity);
        }
        channel.close();
        return null;
    }

    /** Whole lines only: who writes the rest of one is not done. */
    private static void readOn(FileChannel channel, ByteArrayOutputStream news) throws IOException {
        long start = channel.position();
        ByteBuffer read = ByteBuffer.allocate(Math.clamp(channel.size() - start, 0, Integer.MAX_VALUE - 8));
        while (read.hasRemaining() && channel.read(read) >= 0) {
            // until there is no more
        }
        int end = read.position();
        while (end > 0 && read.get(end - 1) != '\n') {
            end--;
        }
        news.write(read.array(), 0, end);
        channel.position(start + end);
    }

    /** Of the file, whatever its name; absent when there is none. */
    static @Nullable Object identity(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}

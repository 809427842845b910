package dev.provision.provisioner.journal;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/** Follows a journal: what has been written since one looked last, also when it was put aside or removed in between. */
public final class JournalTail {

    private final Path path;
    private final Path before;
    private @Nullable Object file;
    private long position;

    /** Begins with the first line of the journal that is there. */
    public JournalTail(Path path, Path before) {
        this.path = path;
        this.before = before;
    }

    /** What was written since the last call, oldest line first. */
    public JournalReader.Contents next() throws IOException {
        ByteArrayOutputStream news = new ByteArrayOutputStream();
        Object now = identity(path);
        if (file != null && !file.equals(now) && file.equals(identity(before))) {
            position = readFrom(before, position, news);
        }
        if (!Objects.equals(file, now)) {
            file = now;
            position = 0;
        }
        if (now != null) {
            position = readFrom(path, position, news);
        }
        return JournalReader.parse(news.toByteArray());
    }

    /** Whole lines only: who writes the rest of one is not done. */
    private static long readFrom(Path from, long start, ByteArrayOutputStream news) throws IOException {
        byte[] read;
        long position = start;
        try (RandomAccessFile reader = new RandomAccessFile(from.toFile(), "r")) {
            if (reader.length() < position) {
                position = 0; // another one, with the number of one that was removed
            }
            reader.seek(position);
            read = new byte[(int) Math.max(0, Math.min(reader.length() - position, Integer.MAX_VALUE - 8))];
            reader.readFully(read);
        } catch (FileNotFoundException e) {
            return start; // removed this instant
        }
        int end = read.length;
        while (end > 0 && read[end - 1] != '\n') {
            end--;
        }
        news.write(read, 0, end);
        return position + end;
    }

    private static @Nullable Object identity(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}

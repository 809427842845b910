package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/**
 * One command that changes a fleet at a time. The kernel holds the lock (fcntl(2)), so it ends with the process however
 * that ends; the file's text only tells who has it. The last command of a fleet that has nothing left takes the file
 * away; one that has opened it meanwhile notices and begins again with the new one.
 */
public final class FleetLock implements AutoCloseable {
    private static final int TEXT_MAX = 4096;

    /** fcntl(2) can wait for a lock, but not for some time only. */
    private static final Duration POLL = Duration.ofMillis(100);

    /**
     * What this very process holds, with its texts. To close any channel on a file drops the process's fcntl locks on
     * it, so a second attempt from here must not even open the file.
     */
    private static final ConcurrentMap<Path, String> HELD_HERE = new ConcurrentHashMap<>();

    /** How often a file may vanish under us before something else is wrong. */
    private static final int ATTEMPTS = 100;

    private final StoreLayout layout;
    private final String fleet;
    private final Path file;
    private final FileChannel channel;

    private FleetLock(StoreLayout layout, String fleet, FileChannel channel) {
        this.layout = layout;
        this.fleet = fleet;
        this.file = layout.lockFile(fleet);
        this.channel = channel;
    }

    /**
     * Takes the lock, or waits until it has it.
     *
     * @param patience
     *            how long to wait; zero: not at all
     * @param whenWaiting
     *            is told once who has it
     * @throws FleetLockedException
     *             when another process still has it then
     */
    public static FleetLock acquire(StoreLayout layout, String fleet, String command, InstantSource clock,
            Duration patience, Consumer<FleetLockedException> whenWaiting)
            throws IOException, FleetLockedException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (true) {
            try {
                return acquire(layout, fleet, command, clock.instant());
            } catch (FleetLockedException e) {
                if (System.nanoTime() - deadline >= 0) {
                    throw e;
                }
                if (!told) {
                    whenWaiting.accept(e);
                    told = true;
                }
            }
            Thread.sleep(POLL);
        }
    }

    /**
     * Takes the lock or fails at once.
     *
     * @param command
     *            what this process does, for the message the next one gets: {@code provision apply machines.yaml}
     * @throws FleetLockedException
     *             when another process has it
     */
    public static FleetLock acquire(StoreLayout layout, String fleet, String command, Instant now)
            throws IOException, FleetLockedException {
        Path file = layout.lockFile(fleet);
        String text = "pid " + ProcessHandle.current().pid() + ", since " + now + ": " + command;
        String held = HELD_HERE.putIfAbsent(file, text);
        if (held != null) {
            throw new FleetLockedException(fleet, held);
        }
        try {
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                Optional<FileChannel> channel = lock(layout, fleet, text);
                if (channel.isPresent()) {
                    return new FleetLock(layout, fleet, channel.get());
                }
            }
            throw new IOException(file + " vanishes as often as it is made");
        } catch (IOException | FleetLockedException | RuntimeException e) {
            HELD_HERE.remove(file);
            throw e;
        }
    }

    /** Whether a command of this process has the fleet's lock. */
    public static boolean isHeldHere(StoreLayout layout, String fleet) {
        return HELD_HERE.containsKey(layout.lockFile(fleet));
    }

    /** Also removes the folders that the fleet's machines shared, when they are empty: nobody else works in them now. */
    @Override
    public void close() throws IOException {
        // An interrupt would close the channel, and the lock would be gone before the rest is done.
        boolean interrupted = Thread.interrupted();
        try (channel) {
            channel.truncate(0);
            for (Path shared : List.of(layout.machinesDir(fleet), layout.storageDir(fleet), layout.expiredDir(fleet))) {
                PrivateFiles.removeIfEmpty(shared);
            }
            if (Files.notExists(layout.machinesDir(fleet)) && Files.notExists(layout.storageDir(fleet))) {
                Files.deleteIfExists(layout.journal(fleet));
                Files.deleteIfExists(layout.journalBefore(fleet));
                // Last, while we hold it: who opens the file from now on makes a new one, and a journal of its own.
                Files.deleteIfExists(file);
                PrivateFiles.removeIfEmpty(layout.fleetDir(fleet));
            }
        } finally {
            HELD_HERE.remove(file);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The locked file; empty when the one that was locked is not the one that others see any more. */
    private static Optional<FileChannel> lock(StoreLayout layout, String fleet, String text)
            throws IOException, FleetLockedException {
        Path file = layout.lockFile(fleet);
        try {
            PrivateFiles.makeDirectories(layout.fleetDir(fleet));
            PrivateFiles.ensure(file);
            Object seen = identity(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() == null) {
                    throw new FleetLockedException(fleet, holder(file));
                }
                if (!seen.equals(identity(file))) {
                    channel.close();
                    return Optional.empty();
                }
                write(channel, text + "\n");
                return Optional.of(channel);
            } catch (IOException | FleetLockedException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (FileAlreadyExistsException e) {
            if (Files.exists(layout.fleetDir(fleet))) {
                throw e; // as something else than a folder
            }
            return Optional.empty();
        }
    }

    /** Device and inode, by stat(2): to open the file a second time and close it would drop our lock on it. */
    private static Object identity(Path file) throws IOException {
        return String.valueOf(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    }

    /** For people: the lock itself is the kernel's, and holds also on a disk that has no room for its file's text. */
    private static void write(FileChannel channel, String text) throws IOException {
        channel.truncate(0);
        try {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
        } catch (IOException e) {
            channel.truncate(0);
        }
    }

    private static String holder(Path file) throws IOException {
        byte[] text = Files.readAllBytes(file);
        String holder = new String(text, 0, Math.min(text.length, TEXT_MAX), StandardCharsets.UTF_8).strip();
        return holder.isEmpty() ? "a process that has not written down who it is" : holder;
    }
}

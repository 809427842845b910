package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one thread at a time does, of all threads of all commands on a store, whatever their fleets: each fleet has a {@link FleetLock
 * lock} of its own, and the host's devices are everybody's. A turn ends with its process at the latest.
 */
public final class StoreTurn implements AutoCloseable {

    /** The kernel's lock is a process's, which has many threads. */
    private static final ConcurrentMap<Path, ReentrantLock> HERE = new ConcurrentHashMap<>();

    private final ReentrantLock here;
    private final FileChannel channel;

    private StoreTurn(ReentrantLock here, FileChannel channel) {
        this.here = here;
        this.channel = channel;
    }

    /**
     * Waits for the turn. Who has it must not ask for it again.
     *
     * @param file
     *            that is locked, made when it is missing, and stays
     */
    public static StoreTurn take(Path file) throws IOException, InterruptedException {
        Path known = file.toAbsolutePath().normalize();
        ReentrantLock here = HERE.computeIfAbsent(known, _ -> new ReentrantLock());
        here.lockInterruptibly();
        try {
            return new StoreTurn(here, lock(known));
        } catch (IOException | InterruptedException | RuntimeException e) {
            here.unlock();
            throw e;
        }
    }

    private static FileChannel lock(Path file) throws IOException, InterruptedException {
        PrivateFiles.makeDirectories(Objects.requireNonNull(file.getParent()));
        PrivateFiles.ensure(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        try {
            channel.lock();
            return channel;
        } catch (FileLockInterruptionException e) {
            channel.close();
            Thread.interrupted();
            throw new InterruptedException("while waiting for " + file);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            here.unlock();
        }
    }
}

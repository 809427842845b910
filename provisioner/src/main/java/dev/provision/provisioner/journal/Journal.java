package dev.provision.provisioner.journal;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.store.PrivateFiles;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.views.EventJson;
import dev.provision.provisioner.views.Json;

/**
 * The journal of one fleet: a JSON object a line, appended by the command that holds the fleet's lock. A step is on the disk
 * before it is begun (fsync(2)); other lines reach it with the next one that is. Several threads may write at once; they share
 * an fsync.
 *
 * <p>
 * Nothing depends on it but people, and programs that follow it: what is there is observed. So a journal that cannot be
 * written stops nothing, and its first failure is kept to be told at the end.
 */
public final class Journal implements Consumer<Event>, AutoCloseable {

    /** The format that this version writes. It reads all that came before. */
    public static final int FORMAT = 1;

    /** Tells that a command has begun; again in each new file, since the one before it does not stay for ever. */
    static final String STARTED = "command-started";

    /** Then it is put aside, over the one that was put aside before. */
    private static final long MOST_BYTES = 8L << 20;

    private final Path path;
    private final Path before;
    private final Map<String, Object> started;
    private final String command;
    private final InstantSource clock;
    private final Object syncing = new Object();
    private @Nullable FileOutputStream file;
    private @Nullable IOException failure;
    private long written;
    private long generation;
    private long size;
    private long synced;
    private boolean torn;

    private Journal(Path path, Path before, String command, Map<String, Object> started, InstantSource clock) {
        this.path = path;
        this.before = before;
        this.command = command;
        this.started = started;
        this.clock = clock;
    }

    /**
     * Opens the journal for one command and writes down which.
     *
     * @param before
     *            where a journal that has become large is put aside
     * @param commandLine
     *            as a person would type it
     */
    public static Journal open(Path path, Path before, String commandLine, InstantSource clock) {
        ProcessHandle self = ProcessHandle.current();
        Optional<ProcessIdentity> identity = Liveness.identity(self.pid());
        Journal journal = new Journal(path, before, UUID.randomUUID().toString().substring(0, 8),
                Json.object("event", STARTED, "format", FORMAT, "command", commandLine, "pid", self.pid(),
                        "processStarted", self.info().startInstant().map(Object::toString).orElse(null),
                        Liveness.FIELD, identity.map(ProcessIdentity::startTime).orElse(null)),
                clock);
        journal.write(journal.started);
        journal.sync();
        return journal;
    }

    private static FileOutputStream append(Path path, Path before) throws IOException {
        PrivateFiles.makeDirectories(path.toAbsolutePath().resolveSibling("."));
        if (Files.exists(path) && Files.size(path) > MOST_BYTES) {
            Files.move(path, before, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        PrivateFiles.ensure(path);
        FileOutputStream file = new FileOutputStream(path.toFile(), true);
        if (isTorn(path)) {
            file.write('\n'); // what was cut short stays a line of its own
        }
        return file;
    }

    private static boolean isTorn(Path path) throws IOException {
        try (RandomAccessFile reader = new RandomAccessFile(path.toFile(), "r")) {
            if (reader.length() == 0) {
                return false;
            }
            reader.seek(reader.length() - 1);
            return reader.read() != '\n';
        }
    }

    @Override
    public void accept(Event event) {
        write(EventJson.object(event));
        switch (event) {
            case Event.StepStarted _,Event.RunEnded _ -> sync();
            case Event.RunStarted _,Event.Waiting _,Event.StepDone _,Event.Retrying _,Event.JobEnded _,Event.MachineEnded _,Event.Noticed _,Event.Settled _,Event.Degraded _ -> {
                // The next step's fsync takes it along.
            }
        }
    }

    /** Why it is not complete; empty when it is. */
    public synchronized Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Tries again after a failure: a disk that was full may have room now. */
    private synchronized void write(Map<String, Object> event) {
        try {
            append(opened(), event);
            if (size > MOST_BYTES) { // of a watch, which goes on for months
                FileOutputStream full = opened();
                full.getFD().sync();
                full.close();
                file = null;
                generation++;
                append(opened(), started); // whose lines these are
            }
        } catch (IOException e) {
            torn = true;
            fail(e);
        }
    }

    private FileOutputStream opened() throws IOException {
        FileOutputStream open = file;
        if (open == null) {
            open = append(path, before);
            size = Files.size(path);
            file = open;
        }
        return open;
    }

    private void append(FileOutputStream to, Map<String, Object> event) throws IOException {
        Map<String, Object> line = Json.object("at", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString(), "run",
                command);
        line.putAll(event);
        byte[] bytes = ((torn ? "\n" : "") + Json.line(line) + "\n").getBytes(StandardCharsets.UTF_8);
        to.write(bytes); // a stream, since an interrupt closes a channel: also an interrupted run has last words
        torn = false;
        written++;
        size += bytes.length;
    }

    private synchronized long written() {
        return written;
    }

    /** Returns when all that was written before is on the disk. */
    private void sync() {
        long mine = written();
        synchronized (syncing) {
            if (synced >= mine) {
                return; // another thread's took it along
            }
            FileOutputStream to;
            long all;
            long which;
            synchronized (this) {
                to = file;
                all = written;
                which = generation;
            }
            try {
                if (to != null) {
                    to.getFD().sync();
                }
                synced = all;
            } catch (IOException e) {
                if (which == generation()) { // one that was put aside meanwhile was synced then
                    fail(e);
                }
            }
        }
    }

    private synchronized long generation() {
        return generation;
    }

    private synchronized void fail(IOException e) {
        if (failure == null) {
            // A stream's own errors do not say of which file they are.
            failure = e instanceof FileSystemException ? e
                    : new FileSystemException(path.toString(), null, e.getMessage());
        }
    }

    /** Writes down that the command has ended by itself. */
    @Override
    public void close() {
        write(Json.object("event", "command-ended"));
        sync();
        FileOutputStream open = file;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            fail(e);
        }
    }
}

package dev.provision.hypervisor.host.kvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A KVM verdict that is found once per boot: the self-test costs JNA's start and, on a bad host, some 150 ms. Only
 * verdicts that hold until the next boot are kept; "busy" or "no permission" may be over in a minute. The cache can only
 * save time: whatever is wrong with its file, the test runs.
 */
public final class CachedKvmVerdict implements Supplier<KvmVerdict> {

    private static final int LARGEST_FILE = 16 * 1024;

    private final Path file;
    private final Optional<String> identity;
    private final Supplier<KvmVerdict> test;
    private final boolean keeps;

    /** @param identity what the verdict holds for; empty turns the cache off */
    CachedKvmVerdict(Path file, Optional<String> identity, Supplier<KvmVerdict> test) {
        this(file, identity, test, true);
    }

    private CachedKvmVerdict(Path file, Optional<String> identity, Supplier<KvmVerdict> test, boolean keeps) {
        this.file = file;
        this.identity = identity;
        this.test = test;
        this.keeps = keeps;
    }

    /** The verdict on this host's KVM, kept in {@code file}. */
    public static CachedKvmVerdict ofThisHost(Path file) {
        return new CachedKvmVerdict(file, KvmIdentity.ofThisHost(), new KvmSelfTest()::run);
    }

    /** As {@link #ofThisHost}, for commands that change no file: what somebody has kept is used, nothing is kept. */
    public static CachedKvmVerdict readOnly(Path file) {
        return new CachedKvmVerdict(file, KvmIdentity.ofThisHost(), new KvmSelfTest()::run, false);
    }

    @Override
    public KvmVerdict get() {
        return identity.flatMap(this::read).orElseGet(this::tested);
    }

    private Optional<KvmVerdict> read(String wanted) {
        try {
            return Files.size(file) > LARGEST_FILE ? Optional.empty()
                    : KvmVerdictText.parse(Files.readString(file), wanted);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private KvmVerdict tested() {
        var verdict = test.get();
        if (keeps && identity.isPresent() && lasts(verdict)) {
            write(KvmVerdictText.format(verdict, identity.get()));
        }
        return verdict;
    }

    private static boolean lasts(KvmVerdict verdict) {
        return switch (verdict) {
            case KvmVerdict.Usable usable -> true;
            case KvmVerdict.Untested untested -> true;
            case KvmVerdict.Unusable unusable -> unusable.cause().lastsUntilReboot();
        };
    }

    /** By rename, so that a command running at the same time reads the old file or the new one. */
    private void write(String text) {
        try {
            var directory = file.toAbsolutePath().getParent();
            if (directory == null) {
                return;
            }
            Files.createDirectories(directory);
            var fresh = Files.createTempFile(directory, "kvm-verdict", ".tmp");
            try {
                Files.writeString(fresh, text);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException unwritable) {
            // The next command tests again.
        }
    }
}

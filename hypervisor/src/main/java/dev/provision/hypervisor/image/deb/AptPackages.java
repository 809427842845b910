package dev.provision.hypervisor.image.deb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.provision.hypervisor.image.build.BuildEvent;
import dev.provision.hypervisor.image.build.ImageBuildException;

/**
 * Packages by this host's apt: its index, its sources, its signature checks. Nothing is installed. Downloaded files are
 * kept in a cache folder that concurrent builders may share.
 */
public final class AptPackages implements PackageSource {
    // 'URI' FILE BYTES HASH, see apt-get(8), --print-uris
    private static final Pattern URI_LINE = Pattern.compile("'[^']+' (\\S+) (\\d+) SHA256:([0-9a-f]{64})");
    private static final Pattern DEPENDS_LINE = Pattern.compile("[ |]+(?:Pre)?Depends: ([^<\\s]+)");

    private final Path cache;
    private final Consumer<BuildEvent> progress;
    private boolean indexRefreshed;

    /**
     * @param cache folder for .deb files, created when missing
     * @param progress told of every download
     */
    public AptPackages(Path cache, Consumer<BuildEvent> progress) throws ImageBuildException {
        this.cache = cache;
        this.progress = progress;
        try {
            Files.createDirectories(cache);
        } catch (IOException e) {
            throw cacheFailure(e);
        }
    }

    @Override
    public List<PackageVersion> find(Collection<String> packageNames) throws ImageBuildException {
        progress.accept(new BuildEvent.Resolving(List.copyOf(packageNames)));
        List<PackageVersion> found = lookUp(packageNames);
        if (found.size() < packageNames.size() && !indexRefreshed && indexIsEmpty()) {
            refreshIndex();
            return lookUp(packageNames);
        }
        return found;
    }

    @Override
    public List<String> dependenciesOf(String packageName) throws ImageBuildException {
        AptCommand.Result result = AptCommand.run(cache, List.of("apt-cache", "depends", "--important", packageName));
        return result.output()
                .lines()
                .map(DEPENDS_LINE::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1))
                .distinct()
                .toList();
    }

    @Override
    public List<Path> fetch(List<PackageVersion> versions) throws ImageBuildException {
        try {
            List<PackageVersion> missing = new ArrayList<>();
            for (PackageVersion version : versions) {
                if (!isCached(version)) {
                    missing.add(version);
                }
            }
            if (!missing.isEmpty()) {
                download(missing);
            }
            return versions.stream().map(this::fileOf).toList();
        } catch (IOException e) {
            throw cacheFailure(e);
        }
    }

    private void download(List<PackageVersion> missing) throws ImageBuildException, IOException {
        missing.forEach(wanted -> progress.accept(
                new BuildEvent.Downloading(wanted.name(), wanted.version(), wanted.bytes())));
        Path folder = Files.createTempDirectory(cache, ".download-");
        try {
            List<String> argv = new ArrayList<>(List.of("apt-get", "--quiet", "download"));
            missing.forEach(wanted -> argv.add(wanted.name() + "=" + wanted.version()));
            AptCommand.Result result = AptCommand.run(folder, argv);
            for (PackageVersion wanted : missing) {
                Path downloaded = verified(folder.resolve(wanted.fileName()), wanted, result);
                Files.move(downloaded, fileOf(wanted), StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            deleteFolder(folder);
        }
    }

    private static Path verified(Path downloaded, PackageVersion wanted, AptCommand.Result result)
            throws ImageBuildException, IOException {
        if (!Files.isRegularFile(downloaded)) {
            throw new ImageBuildException("cannot download the package " + wanted.name(), lastLine(result.errors()),
                    "check the network and the package sources; if the index is old, run: apt-get update");
        }
        if (!matches(downloaded, wanted)) {
            throw new ImageBuildException("the package " + wanted.name() + " arrived damaged",
                    "its size or SHA-256 is not what the package index says",
                    "run the build again; if it happens again, run: apt-get update");
        }
        return downloaded;
    }

    private List<PackageVersion> lookUp(Collection<String> packageNames) throws ImageBuildException {
        List<String> argv = new ArrayList<>(List.of("apt-get", "--print-uris", "download"));
        argv.addAll(packageNames);
        AptCommand.Result result = AptCommand.run(emptyFolder(), argv);
        if (result.succeeded()) {
            return result.output()
                    .lines()
                    .map(URI_LINE::matcher)
                    .filter(Matcher::lookingAt)
                    .map(AptPackages::parse)
                    .toList();
        }
        // One unknown name makes apt refuse them all.
        List<PackageVersion> found = new ArrayList<>();
        if (packageNames.size() > 1) {
            for (String name : packageNames) {
                found.addAll(lookUp(List.of(name)));
            }
        }
        return found;
    }

    /** apt-get tells no URI of a file that is in the folder it runs in already: it would not download it. */
    private Path emptyFolder() throws ImageBuildException {
        try {
            return Files.createDirectories(cache.resolve(".look-up"));
        } catch (IOException e) {
            throw cacheFailure(e);
        }
    }

    /** The file's name is NAME_VERSION_ARCHITECTURE.deb, a colon written as %3a (apt's own quoting). */
    private static PackageVersion parse(Matcher line) {
        List<String> parts = List.of(line.group(1).split("_", -1));
        String version = parts.get(1).replace("%3a", ":");
        return new PackageVersion(parts.get(0), version, line.group(1), Long.parseLong(line.group(2)), line.group(3));
    }

    private Path fileOf(PackageVersion version) {
        return cache.resolve(version.fileName());
    }

    private boolean isCached(PackageVersion version) throws IOException {
        return Files.isRegularFile(fileOf(version)) && matches(fileOf(version), version);
    }

    private boolean indexIsEmpty() throws ImageBuildException {
        // dpkg is essential: an index that does not know it knows nothing.
        return lookUp(List.of("dpkg")).isEmpty();
    }

    private void refreshIndex() throws ImageBuildException {
        indexRefreshed = true;
        progress.accept(new BuildEvent.RefreshingIndex());
        AptCommand.Result result = AptCommand.run(cache, List.of("apt-get", "--quiet", "update"));
        if (!result.succeeded()) {
            throw new ImageBuildException(
                    "the package index is empty and cannot be refreshed",
                    lastLine(result.errors()),
                    "as an administrator, run: apt-get update");
        }
    }

    private static boolean matches(Path file, PackageVersion wanted) throws IOException {
        return Files.size(file) == wanted.bytes() && Sha256.of(file).equals(wanted.sha256());
    }

    private static String lastLine(String text) {
        return text.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b).orElse("apt gave no reason");
    }

    private static void deleteFolder(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : new ArrayList<>(files.sorted(Comparator.reverseOrder()).toList())) {
                Files.deleteIfExists(file);
            }
        }
    }

    private ImageBuildException cacheFailure(IOException e) {
        return new ImageBuildException(
                "cannot use the package cache " + cache,
                String.valueOf(e.getMessage()),
                "make the folder writable, or free disk space",
                e);
    }
}

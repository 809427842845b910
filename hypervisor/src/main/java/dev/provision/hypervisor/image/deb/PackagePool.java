package dev.provision.hypervisor.image.deb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import dev.provision.hypervisor.image.build.BuildEvent;
import dev.provision.hypervisor.image.build.ImageBuildException;
import dev.provision.hypervisor.image.cpio.InitramfsEntry;
import dev.provision.hypervisor.image.cpio.InitramfsEntry.SymbolicLink;
import dev.provision.hypervisor.image.elf.LibraryProvider;

/**
 * The packages an image is made of, read once each. When a library is missing, the direct dependencies of the package
 * that wants it are read too: a package with a program depends on the packages of its libraries (Debian policy 8.6), so
 * no library package is named here and one that is renamed is still found.
 */
public final class PackagePool implements LibraryProvider {
    private static final Pattern LIBRARY_FOLDER = Pattern.compile("usr/lib(64)?/([a-z0-9_]+-linux-gnu[a-z0-9]*/)?");

    private final PackageSource source;
    private final Consumer<BuildEvent> progress;
    private final SortedMap<String, Content> packages = new TreeMap<>();
    private final Set<String> followed = new HashSet<>();
    private final Set<String> used = new HashSet<>();

    private record Content(PackageVersion version, SortedMap<String, InitramfsEntry> files) {}

    /** An empty pool; packages come from the source as they are asked for. */
    public PackagePool(PackageSource source, Consumer<BuildEvent> progress) {
        this.source = source;
        this.progress = progress;
    }

    /** The files and links of a package by path (see {@link MergedUsr}). */
    public SortedMap<String, InitramfsEntry> read(String packageName) throws ImageBuildException {
        readAll(List.of(packageName));
        Content content = packages.get(packageName);
        if (content == null) {
            throw new ImageBuildException("the package " + packageName + " cannot be found",
                    "the package index of this host does not list it",
                    "on Debian, run apt-get update as an administrator and build again");
        }
        used.add(packageName);
        return Collections.unmodifiableSortedMap(content.files());
    }

    /** Every package something was taken from so far, by name. */
    public Collection<PackageVersion> versions() {
        return packages.values().stream().map(Content::version).filter(v -> used.contains(v.name())).toList();
    }

    @Override
    public Optional<Provided> library(String name, String wantedBy) throws ImageBuildException {
        return search(path -> isLibrary(path, name), wantedBy);
    }

    @Override
    public Optional<Provided> file(String absolutePath, String wantedBy) throws ImageBuildException {
        String wanted = MergedUsr.normalize(absolutePath);
        return search(wanted::equals, wantedBy);
    }

    private interface PathMatch {
        boolean test(String path);
    }

    private Optional<Provided> search(PathMatch match, String wantedBy) throws ImageBuildException {
        Optional<Provided> found = searchRead(match);
        if (found.isEmpty() && followed.add(wantedBy)) {
            readAll(source.dependenciesOf(wantedBy));
            found = searchRead(match);
        }
        return found;
    }

    private Optional<Provided> searchRead(PathMatch match) {
        for (Map.Entry<String, Content> candidate : packages.entrySet()) {
            SortedMap<String, InitramfsEntry> files = candidate.getValue().files();
            for (String path : files.keySet()) {
                if (match.test(path)) {
                    used.add(candidate.getKey());
                    return Optional.of(follow(candidate.getKey(), path, files));
                }
            }
        }
        return Optional.empty();
    }

    private static Provided follow(String owner, String path, SortedMap<String, InitramfsEntry> files) {
        Map<String, InitramfsEntry> chain = new TreeMap<>();
        String current = path;
        while (files.get(current) instanceof SymbolicLink link && chain.put(current, link) == null) {
            current = MergedUsr.resolve(current, link.target());
        }
        InitramfsEntry file = files.get(current);
        if (file != null) {
            chain.put(current, file);
        }
        return new Provided(owner, current, chain);
    }

    private static boolean isLibrary(String path, String name) {
        return path.endsWith("/" + name)
                && LIBRARY_FOLDER
                        .matcher(path.substring(0, path.length() - name.length()))
                        .matches();
    }

    /** Reads the packages that have not been read; those the index does not know are passed over. */
    public void readAll(Collection<String> packageNames) throws ImageBuildException {
        List<String> unread = packageNames.stream().filter(name -> !packages.containsKey(name)).toList();
        if (unread.isEmpty()) {
            return;
        }
        List<PackageVersion> versions = source.find(unread);
        List<Path> files = source.fetch(versions);
        for (int i = 0; i < files.size(); i++) {
            unpack(versions.get(i), files.get(i));
        }
    }

    private void unpack(PackageVersion version, Path deb) throws ImageBuildException {
        progress.accept(new BuildEvent.Unpacking(version.name(), version.version()));
        try {
            packages.put(version.name(), new Content(version, DebFile.read(deb, path -> true)));
        } catch (IOException e) {
            throw new ImageBuildException("cannot read the package " + deb, String.valueOf(e.getMessage()),
                    "delete the file and try again", e);
        }
    }
}

package dev.provision.hypervisor.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

import org.jspecify.annotations.Nullable;

import dev.provision.hypervisor.image.build.BuildEvent;
import dev.provision.hypervisor.image.build.ImageBuildException;
import dev.provision.hypervisor.image.cpio.Initramfs;
import dev.provision.hypervisor.image.cpio.InitramfsEntry;
import dev.provision.hypervisor.image.cpio.InitramfsEntry.RegularFile;
import dev.provision.hypervisor.image.cpio.NewcWriter;
import dev.provision.hypervisor.image.deb.AptPackages;
import dev.provision.hypervisor.image.deb.PackagePool;
import dev.provision.hypervisor.image.deb.PackageSource;
import dev.provision.hypervisor.image.deb.Sha256;
import dev.provision.hypervisor.image.kernel.BzImage;

/**
 * Builds the built-in image from Debian packages: downloads them by this host's apt, takes out of them what the guest
 * needs and writes a kernel and an initramfs. Nothing is installed or mounted and no root rights are needed. The same
 * packages give the same bytes.
 */
public final class BuiltinImageBuilder {
    private static final String KERNEL_PATH_PREFIX = "boot/vmlinuz-";
    private static final int BUFFER_BYTES = 1 << 16;

    private final PackageSource source;
    private final Consumer<BuildEvent> progress;

    /** @param progress is told of every step, in the thread that builds */
    public BuiltinImageBuilder(PackageSource source, Consumer<BuildEvent> progress) {
        this.source = source;
        this.progress = progress;
    }

    /**
     * Builds by this host's apt.
     *
     * @param packageCache folder that keeps the downloaded .deb files (about 30 MB); created when missing
     * @param target the image's folder; its parent is created when missing; an older image there is replaced
     */
    public static GuestImage build(Path packageCache, Path target, Consumer<BuildEvent> progress)
            throws ImageBuildException {
        return new BuiltinImageBuilder(new AptPackages(packageCache, progress), progress).build(target);
    }

    /** Builds into {@code target}, which is either the complete new image or what it was before. */
    public GuestImage build(Path target) throws ImageBuildException {
        Path folder = target.toAbsolutePath().normalize();
        Path staging = null;
        try {
            Path parent = Files.createDirectories(folder.resolveSibling("."));
            staging = Files.createDirectory(
                    parent.normalize().resolve(ImageFiles.stagingPrefixOf(nameOf(folder)) + UUID.randomUUID()));
            ImageManifest manifest = buildInto(staging, nameOf(folder));
            boolean reused = ImageInstaller.install(staging, folder, manifest.digest());
            progress.accept(new BuildEvent.Finished(folder, manifest.digest(), reused));
            return manifest.in(folder);
        } catch (IOException e) {
            throw new ImageBuildException(
                    "the image " + folder + " cannot be written",
                    String.valueOf(e.getMessage()),
                    "make the folder writable, or free disk space (an image takes about 70 MB)",
                    e);
        } finally {
            discard(staging);
        }
    }

    private ImageManifest buildInto(Path staging, String name) throws ImageBuildException, IOException {
        PackagePool packages = new PackagePool(source, progress);
        String kernelName = kernelPackageName();
        // All at once: each question to apt costs most of a second.
        packages.readAll(
                Stream.concat(Stream.of(kernelName), BuiltinRecipe.PROGRAMS.keySet().stream().sorted()).toList());
        SortedMap<String, InitramfsEntry> kernelPackage = packages.read(kernelName);
        String release = releaseOf(kernelPackage);
        Path kernel = staging.resolve(ImageFiles.KERNEL);
        writeKernel(kernelPackage, release, kernel);
        Path initrd = staging.resolve(ImageFiles.INITRD);
        writeInitrd(new InitramfsAssembly(packages).assemble(kernelPackage, release), initrd);
        ImageManifest manifest = new ImageManifest(
                ImageManifest.FORMAT,
                name,
                BuiltinRecipe.ARCHITECTURE,
                release,
                BuiltinRecipe.CONTRACT,
                BuiltinRecipe.digest(),
                Sha256.of(kernel, initrd),
                packages.versions()
                        .stream()
                        .map(used -> new ImageManifest.Input(used.name(), used.version(), used.sha256()))
                        .toList());
        manifest.write(staging);
        letAllRead(staging);
        return manifest;
    }

    /** Whatever the umask is: VMMs of root are other users, and nothing in an image is a secret. */
    private static void letAllRead(Path staging) throws IOException {
        try (Stream<Path> files = Files.list(staging)) {
            for (Path file : files.toList()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            }
        }
        Files.setPosixFilePermissions(staging, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String kernelPackageName() throws ImageBuildException {
        List<String> candidates = source.dependenciesOf(BuiltinRecipe.KERNEL_METAPACKAGE)
                .stream()
                .filter(name -> name.matches(BuiltinRecipe.KERNEL_PACKAGE_PATTERN))
                .toList();
        if (candidates.isEmpty()) {
            throw new ImageBuildException(
                    "no kernel package can be found",
                    "the package index of this host does not list " + BuiltinRecipe.KERNEL_METAPACKAGE,
                    "on Debian, run apt-get update as an administrator and build again; elsewhere, copy an image"
                            + " folder built on Debian into the image store");
        }
        return candidates.getFirst();
    }

    private static String releaseOf(SortedMap<String, InitramfsEntry> kernelPackage) throws ImageBuildException {
        return kernelPackage.keySet()
                .stream()
                .filter(path -> path.startsWith(KERNEL_PATH_PREFIX))
                .map(path -> path.substring(KERNEL_PATH_PREFIX.length()))
                .findFirst()
                .orElseThrow(() -> new ImageBuildException(
                        "the kernel package has no kernel",
                        "there is no /" + KERNEL_PATH_PREFIX + "* in it",
                        "empty the package cache and build again"));
    }

    private void writeKernel(SortedMap<String, InitramfsEntry> kernelPackage, String release, Path file)
            throws ImageBuildException, IOException {
        progress.accept(new BuildEvent.ExtractingKernel(release));
        if (!(kernelPackage.get(KERNEL_PATH_PREFIX + release) instanceof RegularFile image)) {
            throw new IOException("/" + KERNEL_PATH_PREFIX + release + " is not a regular file");
        }
        try {
            Files.write(file, BzImage.extractVmlinux(image.content()));
        } catch (IOException e) {
            throw new ImageBuildException(
                    "the kernel " + release + " cannot be unpacked",
                    String.valueOf(e.getMessage()),
                    "this kernel is not one the built-in guest was made for; report it",
                    e);
        }
    }

    private void writeInitrd(Initramfs tree, Path file) throws IOException {
        progress.accept(new BuildEvent.PackingInitramfs(tree.entries().size()));
        try (OutputStream out = new BufferedOutputStream(
                new BestGzip(new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES)), BUFFER_BYTES)) {
            NewcWriter.write(tree, out);
        }
    }

    /** Java writes gzip headers without a time, so that the bytes depend on the content alone. */
    private static final class BestGzip extends GZIPOutputStream {
        BestGzip(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }

    private static String nameOf(Path folder) {
        return String.valueOf(folder.getFileName());
    }

    private static void discard(@Nullable Path staging) {
        if (staging != null) {
            try {
                ImageInstaller.delete(staging);
            } catch (IOException e) {
                // A left-over folder is hidden and harmless; the error that led here matters more.
            }
        }
    }
}

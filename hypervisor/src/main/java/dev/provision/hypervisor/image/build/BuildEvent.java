package dev.provision.hypervisor.image.build;

import java.nio.file.Path;
import java.util.List;

/** What an image build tells its caller while it runs. Rendering is the caller's. */
public sealed interface BuildEvent {

    /** The package index is being asked for packages and their versions. */
    record Resolving(List<String> packageNames) implements BuildEvent {
        public Resolving {
            packageNames = List.copyOf(packageNames);
        }
    }

    /** The package index is being refreshed (as root, when it was empty). */
    record RefreshingIndex() implements BuildEvent {}

    /** A package is being downloaded. */
    record Downloading(String packageName, String version, long bytes) implements BuildEvent {}

    /** A package is being read; it may have been in the cache already. */
    record Unpacking(String packageName, String version) implements BuildEvent {}

    /** The kernel is being decompressed. */
    record ExtractingKernel(String kernelRelease) implements BuildEvent {}

    /** The initramfs is being written. */
    record PackingInitramfs(int entries) implements BuildEvent {}

    /** The image is in place; {@code reused} when an identical one already was. */
    record Finished(Path folder, String digest, boolean reused) implements BuildEvent {}
}

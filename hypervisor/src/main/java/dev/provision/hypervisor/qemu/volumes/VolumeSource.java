package dev.provision.hypervisor.qemu.volumes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.provision.planner.host.UnusableFolder;
import dev.provision.schema.fleet.Volume;

/** The folder of the host that a volume names, as it is now. */
public final class VolumeSource {

    private VolumeSource() {}

    /**
     * Looks at it. It is not made when it is missing: a slip of the pen would become an empty folder of root's. No
     * symbolic link is followed on the way to it: a guest with a volume above could have put it there, and would get
     * whatever of the host it points to with the next start.
     */
    public static Optional<UnusableFolder> problem(Volume volume) {
        Path source = Path.of(volume.source());
        try {
            Path real = source.toRealPath();
            if (!Files.isDirectory(real)) {
                return unusable(volume, "`" + source + "` is not a folder", "name the folder that it is in");
            }
            return real.equals(source) ? Optional.empty()
                    : unusable(volume, "a symbolic link is on the way to `" + source + "`",
                            "write where it leads to, if that is what is meant: `" + real + "`");
        } catch (NoSuchFileException e) {
            return unusable(volume, "there is no folder `" + source + "`", "make it, or correct `volumes`");
        } catch (IOException e) {
            return unusable(volume, "`" + source + "` cannot be looked at: " + e.getMessage(),
                    "make it accessible for this user");
        }
    }

    private static Optional<UnusableFolder> unusable(Volume volume, String why, String fix) {
        return Optional.of(new UnusableFolder(volume.source(), why, fix));
    }

    /** Those of these volumes that cannot be had now. */
    public static List<UnusableFolder> problems(Stream<Volume> volumes) {
        return volumes.map(VolumeSource::problem).flatMap(Optional::stream).distinct().toList();
    }
}

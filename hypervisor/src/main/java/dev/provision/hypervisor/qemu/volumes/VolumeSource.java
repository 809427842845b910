package dev.provision.hypervisor.qemu.volumes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

import dev.provision.schema.fleet.Volume;

/** The folder of the host that a volume names, as it is now. */
public final class VolumeSource {

    /**
     * Why a volume cannot be had from it.
     *
     * @param what
     *            one clause about the folder
     * @param fix
     *            an imperative sentence without a full stop
     */
    public record Unusable(String what, String fix) {}

    private VolumeSource() {}

    /**
     * Looks at it. It is not made when it is missing: a slip of the pen would become an empty folder of root's. No
     * symbolic link is followed on the way to it: a guest with a volume above could have put it there, and would get
     * whatever of the host it points to with the next start.
     */
    public static Optional<Unusable> problem(Volume volume) {
        Path source = Path.of(volume.source());
        try {
            Path real = source.toRealPath();
            if (!Files.isDirectory(real)) {
                return Optional.of(new Unusable("`" + source + "` is not a folder", "name the folder that it is in"));
            }
            return real.equals(source) ? Optional.empty()
                    : Optional.of(new Unusable("a symbolic link is on the way to `" + source + "`",
                            "write where it leads to, if that is what is meant: `" + real + "`"));
        } catch (NoSuchFileException e) {
            return Optional.of(new Unusable("there is no folder `" + source + "`", "make it, or correct `volumes`"));
        } catch (IOException e) {
            return Optional.of(new Unusable("`" + source + "` cannot be looked at: " + e.getMessage(),
                    "make it accessible for this user"));
        }
    }
}

package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.util.Optional;

import dev.provision.hypervisor.image.GuestImage;

/** Where images come from; ImageStore's {@code find} is one. */
@FunctionalInterface
public interface ImageSource {

    /**
     * The image of that name; empty when there is none.
     *
     * @throws IOException
     *             when it is there but cannot be read
     */
    Optional<GuestImage> find(String name) throws IOException;
}

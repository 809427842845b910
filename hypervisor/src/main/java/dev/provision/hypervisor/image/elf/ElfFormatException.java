package dev.provision.hypervisor.image.elf;

import java.io.IOException;
import java.io.Serial;

/** The bytes are not the ELF file they were taken for. */
public final class ElfFormatException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    ElfFormatException(String message) {
        super(message);
    }
}

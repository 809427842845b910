package dev.provision.hypervisor.qemu.channel;

import java.io.IOException;

/** The other side sends a line without an end. */
public final class LineTooLongException extends IOException {
    LineTooLongException(int max) {
        super("a line of more than " + max + " bytes");
    }
}

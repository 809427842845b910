package dev.provision.hypervisor.qemu.vm;

import java.io.IOException;

import dev.provision.hypervisor.DriverException;

/** What is cleared away after an operation that has failed, whose failure remains the reason whatever comes of that. */
public final class AfterFailure {

    /** Takes something away, or gives it back. */
    @FunctionalInterface
    public interface Clearing {
        void run() throws DriverException, InterruptedException, IOException;
    }

    private AfterFailure() {}

    /** Clears away; what goes wrong with it is told together with the reason, and an interrupt stays set. */
    public static void clear(Exception reason, Clearing clearing) {
        try {
            clearing.run();
        } catch (DriverException | IOException e) {
            reason.addSuppressed(e);
        } catch (InterruptedException e) {
            reason.addSuppressed(e);
            Thread.currentThread().interrupt();
        }
    }
}

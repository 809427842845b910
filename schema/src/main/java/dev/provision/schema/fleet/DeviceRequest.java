package dev.provision.schema.fleet;

/**
 * A host device that a machine takes over.
 *
 * @param quantity
 *            how many of it, at least 1; always 1 for one at a PCI address
 */
public record DeviceRequest(DeviceSelector device, int quantity) {

    /** {@code tpu}, {@code 2 × tpu}, {@code 0000:3b:00.0}. */
    @Override
    public String toString() {
        return quantity == 1 ? device.toString() : quantity + " × " + device;
    }
}

package dev.provision.hypervisor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** Which machine: its fleet and its name in it. Everything else that identifies it is derived from these two. */
public record MachineId(String fleet, String name) {

    /** Namespace of our name-based UUIDs; drawn once, never to be changed: it is in every guest's machine-id. */
    private static final UUID NAMESPACE = UUID.fromString("6f0a3c52-94f1-4d5e-8f0b-2f6e7a1f5c11");

    /** Name-based UUID, version 5 (RFC 9562, section 5.5) of {@code fleet/name}. */
    public UUID uuid() {
        return uuid(toString());
    }

    private static UUID uuid(String name) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(ByteBuffer.allocate(16)
                    .putLong(NAMESPACE.getMostSignificantBits())
                    .putLong(NAMESPACE.getLeastSignificantBits())
                    .flip());
            ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
            long high = (hash.getLong() & ~0xf000L) | 0x5000L;
            long low = (hash.getLong() & ~(0b11L << 62)) | (0b10L << 62);
            return new UUID(high, low);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** Locally administered MAC address in QEMU's range, its last three bytes from the UUID. */
    public String mac() {
        long low = uuid().getLeastSignificantBits();
        return "52:54:00:%02x:%02x:%02x".formatted((low >> 16) & 0xff, (low >> 8) & 0xff, low & 0xff);
    }

    /**
     * Locally administered MAC address of the machine's device on a network of its fleet: five bytes of a hash, as the three
     * below QEMU's prefix would be the same for two of some thousand machines.
     */
    public String mac(String network) {
        long low = uuid(this + "/" + network).getLeastSignificantBits();
        return "52:%02x:%02x:%02x:%02x:%02x".formatted((low >> 32) & 0xff, (low >> 24) & 0xff, (low >> 16) & 0xff,
                (low >> 8) & 0xff, low & 0xff);
    }

    /** {@code fleet/name}. */
    @Override
    public String toString() {
        return fleet + "/" + name;
    }
}

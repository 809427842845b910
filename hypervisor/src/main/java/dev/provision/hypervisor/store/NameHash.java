package dev.provision.hypervisor.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What is derived from names, so that nothing has to be kept or agreed on: the SHA-256 of a text. What runs is found again by
 * what was derived for it, so this never changes.
 */
public final class NameHash {

    private NameHash() {}

    /** All 32 bytes, from the first. */
    public static ByteBuffer of(String name) {
        try {
            return ByteBuffer
                    .wrap(MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The first bytes, each as two hexadecimal digits. */
    public static String hex(String name, int bytes) {
        return HexFormat.of().formatHex(of(name).array(), 0, bytes);
    }
}

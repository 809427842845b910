package dev.provision.hypervisor.store;

/** JSON of another shape than it should have. */
public final class MalformedJsonException extends Exception {
    public MalformedJsonException(String message) {
        super(message);
    }
}

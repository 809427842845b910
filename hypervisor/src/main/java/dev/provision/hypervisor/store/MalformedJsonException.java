package dev.provision.hypervisor.store;

/** JSON of another shape than it should have. */
final class MalformedJsonException extends Exception {
    MalformedJsonException(String message) {
        super(message);
    }
}

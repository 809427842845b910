package dev.provision.hypervisor.host.kvm;

import dev.provision.hypervisor.host.libc.Errno;

/** A call that the self-test needs returned −1. */
final class KvmCallFailed extends Exception {

    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;

    KvmCallFailed(String call, int errno) {
        super(call + ": " + Errno.name(errno));
        this.call = call;
        this.errno = errno;
    }

    String call() {
        return call;
    }

    int errno() {
        return errno;
    }
}

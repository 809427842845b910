package dev.provision.provisioner.cli;

import picocli.CommandLine.Option;

import dev.provision.hypervisor.host.accelerator.AcceleratorRequest;

/** Which accelerator machines boot with. */
final class AcceleratorOption {

    @Option(names = "--accel", paramLabel = "NAME", defaultValue = "${env:PROVISION_ACCEL:-auto}", description = "auto, kvm, hvf or tcg (default: $PROVISION_ACCEL, else auto)")
    private AcceleratorRequest request = AcceleratorRequest.AUTO;

    AcceleratorRequest request() {
        return request;
    }
}

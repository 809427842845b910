package dev.provision.provisioner.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

import dev.provision.hypervisor.host.accelerator.AcceleratorRequest;
import dev.provision.planner.plan.Plan;

/** Which accelerator machines boot with. */
final class AcceleratorOption {

    @Option(names = "--accel", paramLabel = "NAME", defaultValue = "${env:PROVISION_ACCEL:-auto}", description = "auto, kvm, hvf or tcg (default: $PROVISION_ACCEL, else auto)")
    private AcceleratorRequest request = AcceleratorRequest.AUTO;

    AcceleratorRequest request() {
        return request;
    }

    /** For a plan that was made before: what it was made for, unless the command line names another one. */
    AcceleratorRequest requestFor(Plan plan, ParseResult typed) {
        if (typed.hasMatchedOption("--accel")) {
            return request;
        }
        return switch (plan.accelerator().accelerator()) {
            case KVM -> AcceleratorRequest.KVM;
            case HVF -> AcceleratorRequest.HVF;
            case TCG -> AcceleratorRequest.TCG;
        };
    }
}

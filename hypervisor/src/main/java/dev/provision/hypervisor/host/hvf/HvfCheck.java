package dev.provision.hypervisor.host.hvf;

import java.util.OptionalInt;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;

import dev.provision.hypervisor.host.libc.Sysctl;

/**
 * Asks macOS whether Hypervisor.framework works here. It only asks: creating a virtual machine needs the entitlement
 * {@code com.apple.security.hypervisor}, which QEMU has and {@code java} has not. Written from Apple's documentation; it
 * has not been run on a Mac yet.
 */
public final class HvfCheck {

    private static final int HV_SUCCESS = 0;

    /** Reads {@code kern.hv_support} and the framework's limits; on another system than macOS says so. */
    public HvfVerdict run() {
        var system = System.getProperty("os.name", "");
        if (!system.equals("Mac OS X")) {
            return new HvfVerdict.Unusable("HVF is part of macOS, and this is " + system, "Use kvm or tcg.");
        }
        if (Sysctl.number("kern.hv_support").orElse(0) != 1) {
            return new HvfVerdict.Unusable("this Mac has no hypervisor support (sysctl kern.hv_support is not 1)",
                    "Use tcg; inside a virtual machine enable nested virtualisation.");
        }
        return new HvfVerdict.Usable(limit("hv_vm_get_max_vcpu_count"), limit("hv_vm_config_get_max_ipa_size"));
    }

    /** Calls {@code hv_return_t name(uint32_t *)}; empty where this macOS has no such function or it fails. */
    private static OptionalInt limit(String name) {
        try {
            Function function = NativeLibrary.getInstance("Hypervisor").getFunction(name);
            var value = new IntByReference();
            var result = function.invokeInt(new Object[]{value});
            return result == HV_SUCCESS ? OptionalInt.of(value.getValue()) : OptionalInt.empty();
        } catch (UnsatisfiedLinkError olderSystem) {
            return OptionalInt.empty();
        }
    }
}

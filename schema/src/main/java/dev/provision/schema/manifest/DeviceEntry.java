package dev.provision.schema.manifest;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.Key;
import dev.provision.schema.binding.ToScalar;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.units.QuantityFormatException;

/** A host device as written: by name or by PCI address, not both. */
// @formatter:off
public record DeviceEntry(
        @Key(value = "name in the host's device catalogue", otherwise = "the one that `pci` says", examples = "tpu")
        @Pattern(regexp = DeviceEntry.NAME, message = "cannot be the name of a device: use letters, digits, dots and dashes")
        @Nullable String name,

        @Key(value = "PCI address, or vendor and device", otherwise = "the one that `name` says",
                examples = {"\"0000:3b:00.0\"", "\"10de:20b0\""})
        @Nullable DeviceSelector pci,

        @Key(value = "how many; one only at a PCI address", standard = "1", examples = "2")
        @Min(value = 1, message = "must be at least 1")
        @Max(value = 64, message = "must be at most 64") @Nullable Integer quantity) {
    // @formatter:on

    /** What a device can be called, as a regular expression. */
    static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";
    /** A PCI device that {@link DeviceSelector#pci} reads, as a regular expression. */
    public static final String PCI = "\\s*(([0-9A-Fa-f]{4}:)?[0-9A-Fa-f]{2}:[01][0-9A-Fa-f]\\.[0-7]|[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4})\\s*";

    @FromScalar(value = "the name of a device, or its PCI address", pattern = NAME + "|" + PCI)
    static DeviceEntry of(String text) throws QuantityFormatException {
        return text.contains(":") ? new DeviceEntry(null, DeviceSelector.pci(text), null)
                : new DeviceEntry(text, null, null);
    }

    @ToScalar
    static String canonical(String text) throws QuantityFormatException {
        DeviceSelector address = of(text).pci();
        return address == null ? text : address.toString();
    }
}

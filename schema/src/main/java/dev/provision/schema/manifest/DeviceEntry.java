package dev.provision.schema.manifest;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.Key;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.units.QuantityFormatException;

/** A host device as written: by name or by PCI address, not both. */
public record DeviceEntry(
        @Key("name in the host's device catalogue") @Pattern(regexp = DeviceEntry.NAME, message = "cannot be the name of a device: use letters, digits, dots and dashes") @Nullable String name,
        @Key("PCI address such as 0000:3b:00.0, or vendor and device such as 10de:20b0") @Nullable DeviceSelector pci,
        @Key("how many; 1 unless told otherwise") @Min(value = 1, message = "must be at least 1") @Max(value = 64, message = "must be at most 64") @Nullable Integer quantity) {

    /** What a device can be called, as a regular expression. */
    static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";

    @FromScalar("the name of a device, or its PCI address")
    static DeviceEntry of(String text) throws QuantityFormatException {
        return text.contains(":") ? new DeviceEntry(null, DeviceSelector.pci(text), null)
                : new DeviceEntry(text, null, null);
    }
}

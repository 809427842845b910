package dev.provision.schema.devices;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.Key;
import dev.provision.schema.fleet.DeviceSelector;

/** The whole catalogue as written. */
public record CatalogueEntry(
        @Key(value = "version of the catalogue's language: 1", required = true) @Nullable Integer version,
        @Key(value = "the devices, by name", required = true) @Nullable Map<String, DeviceDefinition> devices) {

    /** One device as written. */
    public record DeviceDefinition(
            @Key(value = "PCI address such as 0000:3b:00.0, or vendor and device such as 10de:20b0", required = true) @Nullable DeviceSelector pci,
            @Key("what it is, for people") @Nullable String description) {

        @FromScalar(value = "a PCI device such as 0000:3b:00.0 or 10de:20b0", key = "pci")
        static DeviceDefinition of(DeviceSelector pci) {
            return new DeviceDefinition(pci, null);
        }
    }
}

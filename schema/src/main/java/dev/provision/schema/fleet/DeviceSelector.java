package dev.provision.schema.fleet;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.schema.units.QuantityFormatException;

/** Which device of the host. */
public sealed interface DeviceSelector {

    /** By its name in the host's device catalogue. */
    record Named(String name) implements DeviceSelector {
        @Override
        public String toString() {
            return name;
        }
    }

    /** The one device at this place: {@code 0000:3b:00.0}. */
    record PciAddress(String address) implements DeviceSelector {
        @Override
        public String toString() {
            return address;
        }
    }

    /** Any device of this make: vendor and device, {@code 10de:20b0}. */
    record PciId(String vendorAndDevice) implements DeviceSelector {
        @Override
        public String toString() {
            return vendorAndDevice;
        }
    }

    /**
     * Reads a PCI address, {@code [DOMAIN:]BUS:SLOT.FUNCTION}, or {@code VENDOR:DEVICE}, all in hexadecimal.
     *
     * @throws QuantityFormatException
     *             when the text is neither
     */
    static DeviceSelector pci(String text) throws QuantityFormatException {
        String word = text.strip().toLowerCase(Locale.ROOT);
        Matcher address = Pattern.compile("([0-9a-f]{4}:)?([0-9a-f]{2}:[01][0-9a-f]\\.[0-7])").matcher(word);
        if (address.matches()) {
            return new PciAddress((address.group(1) == null ? "0000:" : address.group(1)) + address.group(2));
        }
        if (word.matches("[0-9a-f]{4}:[0-9a-f]{4}")) {
            return new PciId(word);
        }
        throw new QuantityFormatException("`" + text + "` is no PCI device",
                "write its address such as 0000:3b:00.0, or vendor and device such as 10de:20b0 (lspci -nn shows both)");
    }
}

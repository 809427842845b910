package dev.provision.hypervisor.qemu.commandline;

/**
 * The value of a QEMU option: {@code head,key=value,key=value}. A comma within a value is doubled, or QEMU would end the
 * value there (qemu(1), "Standard options": <q>commas in values are escaped by doubling</q>).
 */
public final class OptionValue {
    private final StringBuilder text;

    private OptionValue(String head) {
        this.text = new StringBuilder(escape(head));
    }

    /** Begins with a word that has no key: the driver of {@code -device}, the backend of {@code -chardev}. */
    static OptionValue of(String head) {
        return new OptionValue(head);
    }

    OptionValue with(String key, Object value) {
        text.append(',').append(key).append('=').append(escape(value.toString()));
        return this;
    }

    public static String escape(String value) {
        return value.replace(",", ",,");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

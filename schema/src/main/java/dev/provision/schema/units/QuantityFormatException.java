package dev.provision.schema.units;

/** A text that is not the quantity it should be. The message says what is wrong, {@link #fix()} what to write. */
public final class QuantityFormatException extends Exception {
    private final String fix;

    public QuantityFormatException(String message, String fix) {
        super(message);
        this.fix = fix;
    }

    /** What to write instead, as an imperative sentence without a full stop. */
    public String fix() {
        return fix;
    }
}

package dev.provision.schema.binding;

import java.util.Optional;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.ByteSize.BareUnit;
import dev.provision.schema.units.QuantityFormatException;

/** {@code 4G} is read as Kubernetes reads it, and that is said: most who write it mean {@code 4GiB}. */
final class DecimalUnit {

    private DecimalUnit() {}

    /** Empty where no other size can be meant. */
    static Optional<Diagnostic> hint(Scalar scalar, String key) throws QuantityFormatException {
        Optional<String> binary = ByteSize.binaryReading(scalar.text());
        if (binary.isEmpty()) {
            return Optional.empty();
        }
        ByteSize asWritten = ByteSize.parse(scalar.text(), BareUnit.MIB);
        ByteSize asBinary = ByteSize.parse(binary.get(), BareUnit.MIB);
        return asWritten.equals(asBinary) ? Optional.empty()
                : Optional.of(Diagnostic
                        .note(Code.DECIMAL_UNIT, scalar.span(),
                                "`" + scalar.text() + "` is decimal: " + asWritten + ", not " + asBinary)
                        .why("it is the value of `" + key
                                + "`, and a capital letter alone is a decimal unit, as in Kubernetes")
                        .fix("write `" + binary.get() + "` if the binary unit is meant, or `" + asWritten.canonical()
                                + "`, as fmt does, to keep this size without this hint"));
    }
}

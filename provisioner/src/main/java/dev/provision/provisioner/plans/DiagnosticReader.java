package dev.provision.provisioner.plans;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import dev.provision.hypervisor.store.JsonFields;
import dev.provision.hypervisor.store.MalformedJsonException;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Severity;

/** Problems as they were told. */
final class DiagnosticReader {

    private DiagnosticReader() {}

    static Diagnostic read(JsonFields json) throws MalformedJsonException {
        String id = json.text("code");
        Code code = Stream.of(Code.values())
                .filter(known -> known.id().equals(id))
                .findFirst()
                .orElseThrow(() -> json.wrong("code", "a code that this version of provision knows"));
        Optional<String> file = json.optionalText("file");
        String place = file.isPresent()
                ? file.get() + ":" + json.number("line") + ":" + json.number("column") + ": "
                : "";
        try {
            Severity severity = Severity.valueOf(json.text("severity").toUpperCase(Locale.ROOT));
            return new Diagnostic(code, severity, Optional.empty(), place + json.text("what"),
                    json.optionalText("why").orElse(""), json.optionalText("fix").orElse(""), List.of());
        } catch (IllegalArgumentException e) {
            throw json.wrong("severity", "a severity");
        }
    }
}

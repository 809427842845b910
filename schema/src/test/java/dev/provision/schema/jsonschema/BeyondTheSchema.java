package dev.provision.schema.jsonschema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.manifest.ManifestEntry;

/** What the reader objects to and no schema can: everything else the schema must object to too. */
final class BeyondTheSchema {

    /** Kinds of problem that the schema says itself, in all cases but those of {@link #CASES}. */
    static final Set<Code> SAID = EnumSet.of(Code.MALFORMED_REFERENCE, Code.UNKNOWN_KEY, Code.WRONG_TYPE,
            Code.INVALID_VALUE, Code.MISSING_KEY, Code.OUT_OF_RANGE, Code.CONFLICTING_KEYS, Code.UNSUPPORTED_VERSION);

    /** What is wrong before there is a document, concerns several files, or several places of one. */
    static final Set<Code> NEVER_SAID = EnumSet.of(Code.FILE_UNREADABLE, Code.YAML_SYNTAX, Code.YAML_BOUNDS,
            Code.DUPLICATE_KEY, Code.INCLUDE_CYCLE, Code.INCLUDE_CONFLICT, Code.UNKNOWN_VARIABLE, Code.UNKNOWN_PROFILE,
            Code.UNKNOWN_MACHINE, Code.DEPENDENCY_CYCLE, Code.DUPLICATE_MACHINE, Code.PORT_CONFLICT,
            Code.UNREACHABLE_CONDITION, Code.UNKNOWN_NETWORK, Code.PROFILE_CYCLE, Code.UNKNOWN_DEVICE,
            Code.MOUNT_CONFLICT);

    /** A case, told by its message. */
    record Case(Code code, String reason, Pattern what) {}

    private static final List<Case> CASES = List.of(
            one(Code.MISSING_KEY, "another layer may say it", "`(command|size|port|name)` is missing"),
            one(Code.CONFLICTING_KEYS, "a relation between values",
                    "`(cpus|memory)\\.(request|limit|max|hard)` of .*|a guest (that can grow to|of) .*|`shm` of .*"),
            one(Code.CONFLICTING_KEYS, "a relation between values",
                    "`memory\\.(hotplug|deflateOnOom)` contradicts .*|huge pages of .* cannot make up .*"),
            one(Code.CONFLICTING_KEYS, "a relation between values", ".* emulated GPUs are not possible"),
            one(Code.CONFLICTING_KEYS, "another layer may take one of them back",
                    "`run\\.deadline` contradicts .*|a machine has one readiness probe.*|a batch job has no readiness probe.*|`agent: false` leaves .*|`network: false` contradicts .*"),
            one(Code.CONFLICTING_KEYS, "checked of machines: a profile's list may be replaced",
                    "there is one device only at .*|a device is named by .*"),
            one(Code.INVALID_VALUE, "checked of machines: a profile's list may be replaced",
                    "changes of .* cannot be ignored"),
            one(Code.INVALID_VALUE, "a relation between values",
                    "a partition needs a model|.* cannot be cut into partitions|.* is no partition of .*"),
            one(Code.INVALID_VALUE, "a comparison of numbers in a text", "the range .* runs backwards"),
            one(Code.INVALID_VALUE, "a comparison of numbers in a text",
                    "`.*` is an address in a subnet, not a subnet|`.*` cannot be a network of machines"),
            one(Code.CONFLICTING_KEYS, "a relation between values",
                    "the networks `.*` and `.*` overlap|`.*` overlaps .*, which leads out of every machine|`.*` is fixed on network .*|.* would have the address .*|the device at .* is given .*|network `.*` stands twice in one list"),
            one(Code.CONFLICTING_KEYS, "a relation between values", "the networks `.*` and `.*` are on one bridge"),
            one(Code.MISSING_KEY, "a relation between keys", "network `.*` is on a bridge, and has no `subnet`"),
            one(Code.OUT_OF_RANGE, "a relation between values",
                    "network `.*` has .* machines, and .* has room for .*|`.*` cannot be the address of a machine on network .*"),
            one(Code.OUT_OF_RANGE, "a sum over keys", "the request of .* is the limit too, .*"));

    private final Map<Code, Set<Pattern>> used = new EnumMap<>(Code.class);

    private static Case one(Code code, String reason, String what) {
        return new Case(code, reason, Pattern.compile(what, Pattern.DOTALL));
    }

    /** Whether the schema need not say this problem of what stands at {@code pointer}. */
    boolean covers(Diagnostic problem, String pointer, Pointers pointers) {
        if (NEVER_SAID.contains(problem.code())) {
            return true;
        }
        Optional<Case> excuse = CASES.stream()
                .filter(one -> one.code() == problem.code() && one.what().matcher(problem.what()).matches())
                .findFirst();
        excuse.ifPresent(one -> used.computeIfAbsent(one.code(), code -> new HashSet<>()).add(one.what()));
        return excuse.isPresent() || isTextOfNumber(problem, pointer, pointers)
                || isOfAnotherForm(problem, pointer, pointers)
                || isNameOfOneOfMany(problem, pointer) || isOfAVariable(problem, pointer, pointers);
    }

    /** The cases that nothing under test was excused by. */
    List<Case> unused() {
        return CASES.stream().filter(one -> !used.getOrDefault(one.code(), Set.of()).contains(one.what())).toList();
    }

    /** Bounds of {@code 4TiB}, {@code 0s} and {@code "70000"}: to JSON Schema they are texts. */
    private static boolean isTextOfNumber(Diagnostic problem, String pointer, Pointers pointers) {
        String bounds = switch (problem.code()) {
            case OUT_OF_RANGE -> ".* must be (from|at) .*";
            case INVALID_VALUE -> ".* is too large to be .*|CPU .* does not exist .*|.* GPUs are not possible";
            case UNSUPPORTED_VERSION -> ".*";
            default -> "";
        };
        return problem.what().matches(bounds) && value(pointer, pointers) instanceof String;
    }

    /** {@code 1e3}, {@code 0x10}, {@code +2} and {@code False} have a value to JSON Schema, but no text. */
    private static boolean isOfAnotherForm(Diagnostic problem, String pointer, Pointers pointers) {
        boolean ofText = problem.code() == Code.INVALID_VALUE || problem.code() == Code.OUT_OF_RANGE;
        if (!ofText || !(pointers.node(pointer).orElse(null) instanceof Scalar scalar)) {
            return false;
        }
        return switch (CoreTypes.of(scalar)) {
            case BigInteger number -> !number.toString().equals(scalar.text());
            case BigDecimal number -> !number.stripTrailingZeros().toPlainString().equals(scalar.text());
            case Boolean truth -> !truth.toString().equals(scalar.text());
            case null, default -> false;
        };
    }

    /** {@code NAME-999} is too long, NAME is not. */
    private static boolean isNameOfOneOfMany(Diagnostic problem, String pointer) {
        return problem.code() == Code.INVALID_VALUE && problem.what().contains("cannot be the name of a machine")
                && Pointers.key(pointer).matches(ManifestEntry.LABEL);
    }

    /** Nobody knows what a variable holds. */
    private static boolean isOfAVariable(Diagnostic problem, String pointer, Pointers pointers) {
        return problem.code() != Code.MALFORMED_REFERENCE && value(pointer, pointers) instanceof String text
                && text.contains("${");
    }

    private static Object value(String pointer, Pointers pointers) {
        return pointers.node(pointer).map(CoreTypes::of).orElse("");
    }
}

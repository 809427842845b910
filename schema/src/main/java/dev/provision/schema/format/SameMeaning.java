package dev.provision.schema.format;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.CanonicalKeys;
import dev.provision.schema.binding.ValueType;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;
import dev.provision.schema.manifest.ManifestEntry;

/** Whether two documents say the same, spelling and order of keys aside. They need not be valid manifests. */
final class SameMeaning {

    private record Seen(Node other, @Nullable ValueType type) {}

    /** Anchors make nodes shared; what was found to be the same is not looked at again. */
    private final IdentityHashMap<Node, Seen> same = new IdentityHashMap<>();

    private SameMeaning() {}

    /** Where keys of the other document conflict with each other, it says something else. */
    static boolean of(Mapping one, Mapping other) {
        Problems conflicts = new Problems();
        Mapping named = CanonicalKeys.of(ManifestEntry.class, other, conflicts);
        return conflicts.sorted().stream().noneMatch(problem -> problem.code() == Code.CONFLICTING_KEYS)
                && new SameMeaning().isSame(CanonicalKeys.of(ManifestEntry.class, one, new Problems()), named,
                        ValueType.of(ManifestEntry.class));
    }

    @SuppressWarnings("ReferenceEquality") // one node, not an equal one: comparing them is what this saves
    private boolean isSame(Node one, Node other, @Nullable ValueType type) {
        Seen seen = same.get(one);
        if (seen != null && seen.other == other && Objects.equals(seen.type, type)) {
            return true;
        }
        boolean equal = switch (one) {
            case Scalar scalar -> other instanceof Scalar second && isSame(scalar, second, type);
            case Sequence list -> other instanceof Sequence second
                    && isSame(list.items(), second.items(), type == null ? null : type.item().orElse(null));
            case Mapping mapping -> other instanceof Mapping second && isSame(mapping, second, type);
        };
        if (equal) {
            same.put(one, new Seen(other, type));
        }
        return equal;
    }

    private static boolean isSame(Scalar one, Scalar other, @Nullable ValueType type) {
        return one.isNull() == other.isNull() && canonical(one, type).equals(canonical(other, type));
    }

    private static String canonical(Scalar scalar, @Nullable ValueType type) {
        return scalar.isNull() ? "" : type == null ? scalar.text() : type.canonical(scalar.text());
    }

    private boolean isSame(List<Node> one, List<Node> other, @Nullable ValueType type) {
        boolean equal = one.size() == other.size();
        for (int i = 0; equal && i < one.size(); i++) {
            equal = isSame(one.get(i), other.get(i), type);
        }
        return equal;
    }

    /** Names keep their order, keys of the language need not. */
    private boolean isSame(Mapping one, Mapping other, @Nullable ValueType type) {
        boolean ordered = type == null || !type.hasKeys();
        List<String> names = List.copyOf(one.entries().keySet());
        boolean equal = ordered ? names.equals(List.copyOf(other.entries().keySet()))
                : one.entries().keySet().equals(other.entries().keySet());
        for (int i = 0; equal && i < names.size(); i++) {
            String name = names.get(i);
            ValueType inner = type == null ? null : type.entry(name).orElse(null);
            equal = isSame(value(one, name), value(other, name), inner);
        }
        return equal;
    }

    private static Node value(Mapping mapping, String name) {
        return Objects.requireNonNull(mapping.entries().get(name)).value();
    }
}

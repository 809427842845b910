package dev.provision.schema.assembly;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;
import dev.provision.schema.document.TextFiles;
import dev.provision.schema.document.YamlReader;

/**
 * Reads a file and all it includes into one document. Included files add to it: what two of them define is a conflict,
 * never a silent choice. A file that is reached twice counts once.
 */
final class Includes {

    private static final String INCLUDE = "include";
    /** Sections whose entries come together from several files; everything else is said by one file. */
    private static final List<String> SHARED = List.of("variables", "profiles", "machines");

    private final Problems problems;
    private final Set<Path> read = new HashSet<>();
    private final List<Path> chain = new ArrayList<>();
    private boolean complete = true;

    Includes(Problems problems) {
        this.problems = problems;
    }

    /** The document; empty when the file cannot be read or is no mapping, which has then been reported. */
    Optional<Mapping> read(Path file) {
        Optional<Mapping> document = TextFiles.read(file, problems).flatMap(text -> document(file, text));
        complete &= document.isPresent();
        return document;
    }

    /** Every file could be read that was asked for; else nobody knows what the others may refer to. */
    boolean isComplete() {
        return complete;
    }

    private Optional<Mapping> document(Path file, SourceText text) {
        return YamlReader.readMapping(text, problems).map(root -> whole(file, root));
    }

    /** {@code all} with the file added to it, unless that was included before. */
    Optional<Mapping> readUnlessKnown(Path file, Optional<Mapping> all) {
        if (read.contains(identity(file))) {
            return all;
        }
        Optional<Mapping> document = read(file);
        return all.isPresent() && document.isPresent() ? Optional.of(union(all.get(), document.get()))
                : document.or(() -> all);
    }

    /** The real paths of all files that were read. */
    Set<Path> files() {
        return Collections.unmodifiableSet(read);
    }

    private Mapping whole(Path file, Mapping own) {
        Path identity = identity(file);
        read.add(identity);
        chain.add(identity);
        Mapping all = own;
        for (Scalar name : included(own)) {
            all = include(file, name, all);
        }
        chain.remove(identity);
        return all;
    }

    private Mapping include(Path file, Scalar name, Mapping into) {
        Optional<Path> named = IncludedFile.path(file, name, problems);
        if (named.isEmpty()) {
            complete = false;
            return into;
        }
        Path target = named.get();
        Path identity = identity(target);
        if (chain.contains(identity)) {
            String circle = chain.subList(chain.indexOf(identity), chain.size())
                    .stream()
                    .map(path -> String.valueOf(path.getFileName()))
                    .collect(Collectors.joining(" → "));
            problems.add(Diagnostic.error(Code.INCLUDE_CYCLE, name.span(),
                    "these files include each other: " + circle + " → " + target.getFileName())
                    .fix("remove one of the includes"));
            return into;
        }
        if (read.contains(identity)) {
            return into;
        }
        Optional<Mapping> other = IncludedFile.read(name, target, problems).flatMap(text -> document(target, text));
        complete &= other.isPresent();
        return other.map(document -> union(into, document)).orElse(into);
    }

    private List<Scalar> included(Mapping root) {
        Entry entry = root.entries().get(INCLUDE);
        List<Scalar> names = new ArrayList<>();
        switch (entry == null ? null : entry.value()) {
            case Scalar name when !name.isNull() -> names.add(name);
            case Sequence list ->
                list.items().stream().filter(Scalar.class::isInstance).map(Scalar.class::cast).forEach(names::add);
            case null -> {
            }
            case Node wrong -> {
                // The binder says what is wrong with it.
            }
        }
        return names;
    }

    /** Two documents of equal rank. */
    Mapping union(Mapping first, Mapping second) {
        LinkedHashMap<String, Entry> all = new LinkedHashMap<>(first.entries());
        second.entries().forEach((key, entry) -> {
            Entry other = all.get(key);
            if (other == null) {
                all.put(key, entry);
            } else if (SHARED.contains(key) && other.value() instanceof Mapping left
                    && entry.value() instanceof Mapping right) {
                all.put(key, new Entry(other.key(), section(key, left, right)));
            } else if (!key.equals(INCLUDE) && !saysTheSame(other.value(), entry.value())) {
                conflict("`" + key + "` is said by two files", entry.key().span(), other.key().span());
            }
        });
        return new Mapping(all, first.span());
    }

    private Mapping section(String key, Mapping left, Mapping right) {
        LinkedHashMap<String, Entry> all = new LinkedHashMap<>(left.entries());
        right.entries().forEach((name, entry) -> {
            Entry other = all.putIfAbsent(name, entry);
            if (other != null) {
                conflict("`" + name + "` stands in the `" + key + "` of two files", entry.key().span(),
                        other.key().span());
            }
        });
        return new Mapping(all, left.span());
    }

    /** {@code version: 1} and {@code fleet: x} may be repeated, so that an included file can be checked alone. */
    private static boolean saysTheSame(Node left, Node right) {
        return left instanceof Scalar one && right instanceof Scalar other && one.text().equals(other.text());
    }

    private void conflict(String what, Span here, Span there) {
        problems.add(Diagnostic.error(Code.INCLUDE_CONFLICT, here, what)
                .why("files that are included add to each other; which one counts would be a guess")
                .fix("remove one of them, or lay one file over the other: -f base.yaml -f over.yaml")
                .related(there, "the other one is here"));
    }

    private static Path identity(Path file) {
        return file.toAbsolutePath().normalize();
    }
}

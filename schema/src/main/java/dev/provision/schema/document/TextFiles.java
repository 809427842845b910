package dev.provision.schema.document;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.units.ByteSize;

/** Reads files as UTF-8 text; whatever is in the way becomes a diagnostic. */
public final class TextFiles {

    /** A manifest of 100,000 machines has about 20 MB. */
    private static final int MAX_BYTES = 64 << 20;

    /** What to do about a manifest that is too large. */
    public static final String SPLIT = "split it: `include:` takes other files";

    private static final Advice MANIFEST = new Advice(
            "name a manifest, or begin one: cp machines.yaml.example machines.yaml",
            TextFiles.SPLIT);

    private TextFiles() {}

    /**
     * What to do about a file that is not as it should be.
     *
     * @param missing
     *            when there is none
     * @param large
     *            when it is too large
     */
    public record Advice(String missing, String large) {}

    /** A manifest, of at most 64 MiB; empty when it cannot be had, which has then been reported. */
    public static Optional<SourceText> read(Path file, Problems problems) {
        return read(file, MAX_BYTES, MANIFEST, problems);
    }

    /** As {@link #read(Path, Problems)}, with other advice. */
    public static Optional<SourceText> read(Path file, Advice advice, Problems problems) {
        return read(file, MAX_BYTES, advice, problems);
    }

    /** As {@link #read(Path, Problems)}, any file of at most {@code mostBytes} bytes, below 2 GiB. */
    public static Optional<SourceText> read(Path file, int mostBytes, Advice advice, Problems problems) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString(), mostBytes, advice, problems);
        } catch (IOException e) {
            problems.add(unreadable(file, e, advice));
            return Optional.empty();
        }
    }

    /**
     * A manifest that is no file.
     *
     * @param name
     *            what diagnostics call it
     */
    public static Optional<SourceText> read(InputStream in, String name, Problems problems) throws IOException {
        return read(in, name, MAX_BYTES, MANIFEST, problems);
    }

    private static Optional<SourceText> read(InputStream in, String name, int mostBytes, Advice advice,
            Problems problems) throws IOException {
        byte[] bytes = in.readNBytes(mostBytes + 1);
        if (bytes.length > mostBytes) {
            problems.add(Diagnostic.error(Code.YAML_BOUNDS, "`" + name + "` has more than " + new ByteSize(mostBytes))
                    .fix(advice.large()));
            return Optional.empty();
        }
        try {
            return Optional.of(new SourceText(name,
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString()));
        } catch (CharacterCodingException e) {
            problems.add(error("`" + name + "` is not UTF-8 text").fix("save it as UTF-8"));
            return Optional.empty();
        }
    }

    private static Diagnostic unreadable(Path file, IOException e, Advice advice) {
        return switch (e) {
            case NoSuchFileException missing -> error("there is no file `" + file + "`").fix(advice.missing());
            case AccessDeniedException denied ->
                error("`" + file + "` may not be read by you").fix("check its permissions");
            case IOException other -> error("`" + file + "` cannot be read: "
                    + (Files.isDirectory(file) ? "it is a folder" : other.getMessage()))
                    .fix("name a file that can be read");
        };
    }

    private static Diagnostic error(String what) {
        return Diagnostic.error(Code.FILE_UNREADABLE, what);
    }
}

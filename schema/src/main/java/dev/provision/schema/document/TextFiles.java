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

/** Reads files as UTF-8 text, at most 64 MiB each; whatever is in the way becomes a diagnostic. */
public final class TextFiles {

    /** A manifest of 100,000 machines has about 20 MB. */
    private static final int MAX_BYTES = 64 << 20;

    private TextFiles() {}

    /** The text; empty when it cannot be had, which has then been reported. */
    public static Optional<SourceText> read(Path file, Problems problems) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                problems.add(Diagnostic.error(Code.YAML_BOUNDS, "`" + file + "` has more than 64 MiB")
                        .fix("split it: `include:` takes other files"));
                return Optional.empty();
            }
            return Optional.of(new SourceText(file.toString(),
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString()));
        } catch (IOException e) {
            problems.add(unreadable(file, e));
            return Optional.empty();
        }
    }

    private static Diagnostic unreadable(Path file, IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> error("there is no file `" + file + "`")
                    .fix("name a manifest, or begin one: cp machines.yaml.example machines.yaml");
            case AccessDeniedException denied ->
                error("`" + file + "` may not be read by you").fix("check its permissions");
            case CharacterCodingException coding -> error("`" + file + "` is not UTF-8 text").fix("save it as UTF-8");
            case IOException other -> error("`" + file + "` cannot be read: "
                    + (Files.isDirectory(file) ? "it is a folder" : other.getMessage())).fix("name a manifest file");
        };
    }

    private static Diagnostic error(String what) {
        return Diagnostic.error(Code.FILE_UNREADABLE, what);
    }
}

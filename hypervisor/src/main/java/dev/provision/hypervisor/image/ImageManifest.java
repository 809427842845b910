package dev.provision.hypervisor.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * The content of {@code image.json}: what an image is and what it was made of.
 *
 * @param format version of the image folder's format; this class reads and writes {@value #FORMAT}
 * @param name the image's name
 * @param architecture of the guest, as {@code uname -m} says it
 * @param kernelRelease what {@code uname -r} says in the guest
 * @param contract version of the guest contract
 * @param recipe see {@link BuiltinRecipe}
 * @param digest SHA-256 over kernel and initrd
 * @param inputs every package that was read, by name
 */
@JsonPropertyOrder({"format", "name", "architecture", "kernelRelease", "contract", "recipe", "digest", "inputs"})
record ImageManifest(
        int format,
        String name,
        String architecture,
        String kernelRelease,
        int contract,
        String recipe,
        String digest,
        List<Input> inputs) {
    static final int FORMAT = 1;

    /** One package: {@code sha256} is that of the .deb file. */
    @JsonPropertyOrder({"name", "version", "sha256"})
    record Input(String name, String version, String sha256) {}

    ImageManifest {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(architecture, "architecture");
        Objects.requireNonNull(kernelRelease, "kernelRelease");
        Objects.requireNonNull(recipe, "recipe");
        Objects.requireNonNull(digest, "digest");
        inputs = List.copyOf(inputs);
    }

    /**
     * Reads the manifest of an image folder; an unknown format is an {@link IOException} that says so. A later format-1
     * writer may add fields: readers of format 1 ignore what they do not know.
     */
    static ImageManifest read(Path folder) throws IOException {
        Path file = folder.resolve(ImageFiles.MANIFEST);
        JsonNode json = Json.MAPPER.readTree(Files.readAllBytes(file));
        int format = number(file, json, "format");
        if (format != FORMAT) {
            throw new IOException(file + ": image format " + format + ", this version reads " + FORMAT);
        }
        return new ImageManifest(format, text(file, json, "name"), text(file, json, "architecture"),
                text(file, json, "kernelRelease"), number(file, json, "contract"), text(file, json, "recipe"),
                text(file, json, "digest"), inputs(file, json));
    }

    /** By the tree, as all above: to bind records loads some 350 classes more, in each command that plans. */
    private static List<Input> inputs(Path file, JsonNode json) throws IOException {
        JsonNode list = json.path("inputs");
        if (!list.isArray()) {
            throw new IOException(file + ": `inputs` is missing or not a list");
        }
        List<Input> inputs = new ArrayList<>();
        for (JsonNode input : list) {
            inputs.add(new Input(text(file, input, "name"), text(file, input, "version"), text(file, input, "sha256")));
        }
        return inputs;
    }

    private static String text(Path file, JsonNode json, String name) throws IOException {
        JsonNode value = json.path(name);
        if (!value.isTextual()) {
            throw new IOException(file + ": `" + name + "` is missing or not a text");
        }
        return value.textValue();
    }

    private static int number(Path file, JsonNode json, String name) throws IOException {
        JsonNode value = json.path(name);
        if (!value.isInt()) {
            throw new IOException(file + ": `" + name + "` is missing or not a whole number");
        }
        return value.intValue();
    }

    void write(Path folder) throws IOException {
        byte[] json = Json.MAPPER.writeValueAsBytes(this);
        Files.write(folder.resolve(ImageFiles.MANIFEST), json);
    }

    GuestImage in(Path folder) {
        return new GuestImage(
                name,
                folder.resolve(ImageFiles.KERNEL),
                folder.resolve(ImageFiles.INITRD),
                digest,
                recipe,
                kernelRelease,
                contract);
    }

    /** Apart from the record, so that Jackson is loaded only by who reads or writes a manifest. */
    private static final class Json {
        static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    }
}

package dev.provision.schema.manifest;

import java.util.Optional;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.Key;
import dev.provision.schema.binding.ToScalar;
import dev.provision.schema.fleet.GpuModel;
import dev.provision.schema.fleet.GpuRequest;
import dev.provision.schema.units.QuantityFormatException;

/** GPUs as written; a quantity of 0 is what {@code gpu: false} says. */
// @formatter:off
public record GpuEntry(
        @Key(value = "the model: T4, L4, L40s, A100, A100 80G or H100; `virtio`, which `true` stands for, is emulated and takes no GPU of the host", otherwise = "any", examples = {"T4", "A100 80G"})
        @Nullable GpuModel device,

        @Key(value = "how many, of partitions too", standard = "1", examples = "2")
        @Min(value = 0, message = "must be at least 0")
        @Max(value = 64, message = "must be at most 64") @Nullable Integer quantity,

        @Key(value = "MIG partition of each; one that the model can be cut into", otherwise = "whole GPUs",
                examples = {"1g.5gb", "3g.20gb"})
        @Nullable String partition) {
    // @formatter:on

    private static final String GAP = "[ _-]*";
    /** A model in any of its spellings, as a regular expression; digits that are set apart are not in it. */
    public static final String MODEL = "[Vv][Ii][Rr][Tt][Ii][Oo]|[Tt]" + GAP + "4|[Ll]" + GAP + "4|[Ll]" + GAP + "40"
            + GAP + "[Ss]|[Hh]" + GAP
            + "100|[Aa]" + GAP + "100(" + GAP + "[48]0" + GAP + "[Gg]" + GAP + "[Bb]?)?";

    @FromScalar(value = "true, false, a count, or a model such as T4 or A100:2", words = {"true", "false", "any",
        "virtio", "T4",
        "L4", "L40s", "A100", "A100 80G", "H100"}, pattern = "\\s*([Tt]rue|TRUE|[Ff]alse|FALSE|[0-9]{1,9}|(any|" + MODEL
                + ")(\\s*:\\s*0*([1-9]|[1-5][0-9]|6[0-4]))?)\\s*")
    static GpuEntry of(@Min(0) @Max(64) String text) throws QuantityFormatException {
        Optional<GpuRequest> request = GpuRequest.parse(text);
        return new GpuEntry(request.flatMap(GpuRequest::model).orElse(null),
                request.map(GpuRequest::quantity).orElse(0), null);
    }

    @ToScalar
    static String canonical(String text) throws QuantityFormatException {
        return GpuRequest.canonical(text);
    }
}

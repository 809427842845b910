package dev.provision.schema.manifest;

import java.util.Optional;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.Key;
import dev.provision.schema.fleet.GpuModel;
import dev.provision.schema.fleet.GpuRequest;
import dev.provision.schema.units.QuantityFormatException;

/** GPUs as written; a quantity of 0 is what {@code gpu: false} says. */
public record GpuEntry(
        @Key("the model: T4, L4, L40s, A100, A100 80G or H100; any unless told otherwise") @Nullable GpuModel device,
        @Key("how many, of partitions too; 1 unless told otherwise") @Min(value = 0, message = "must be at least 0") @Max(value = 64, message = "must be at most 64") @Nullable Integer quantity,
        @Key("MIG partition of each, such as 1g.5gb; one that the model can be cut into") @Nullable String partition) {

    @FromScalar("true, false, a count, or a model such as T4 or A100:2")
    static GpuEntry of(String text) throws QuantityFormatException {
        Optional<GpuRequest> request = GpuRequest.parse(text);
        return new GpuEntry(request.flatMap(GpuRequest::model).orElse(null),
                request.map(GpuRequest::quantity).orElse(0), null);
    }
}

package dev.provision.schema.jsonschema;

import java.math.BigDecimal;
import java.util.Map;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import dev.provision.schema.binding.Bare;
import dev.provision.schema.manifest.SizeBetween;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.ByteSize.BareUnit;
import dev.provision.schema.units.QuantityFormatException;

/** Says of numbers what the constraints of a site say, where JSON Schema can: a size with a unit is a text to it. */
final class Bounds {

    private Bounds() {}

    static void addTo(Map<String, Object> schema, Site site) {
        site.get(Min.class).ifPresent(min -> schema.put("minimum", min.value()));
        site.get(Max.class).ifPresent(max -> schema.put("maximum", max.value()));
        site.get(DecimalMin.class).ifPresent(min -> schema.put("minimum", new BigDecimal(min.value())));
        site.get(DecimalMax.class).ifPresent(max -> schema.put("maximum", new BigDecimal(max.value())));
        addSizes(schema, site, site.get(Bare.class).map(Bare::value).orElse(BareUnit.MIB));
    }

    /**
     * Bounds of a bare number in this unit. Sizes are rounded up to whole MiB, so whatever exceeds the least size less one MiB
     * is large enough.
     */
    static void addSizes(Map<String, Object> schema, Site site, BareUnit unit) {
        site.get(SizeBetween.class).ifPresent(size -> {
            schema.put("exclusiveMinimum", number(mib(size.min()) - 1, unit));
            schema.put("maximum", number(mib(size.max()), unit));
        });
    }

    private static BigDecimal number(long mib, BareUnit unit) {
        BigDecimal number = BigDecimal.valueOf(mib);
        return switch (unit) {
            case MIB -> number;
            case GIB -> number.divide(BigDecimal.valueOf(1024));
        };
    }

    private static long mib(String size) {
        try {
            return ByteSize.parse(size, BareUnit.MIB).mib();
        } catch (QuantityFormatException e) {
            throw new IllegalStateException(size, e);
        }
    }
}

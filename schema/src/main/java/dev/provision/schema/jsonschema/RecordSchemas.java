package dev.provision.schema.jsonschema;

import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import jakarta.validation.constraints.Pattern;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.Forms;
import dev.provision.schema.binding.Key;
import dev.provision.schema.binding.RecordShape;

/** The schemas of records, and of all that stands in them: null is among their values wherever a key may be left out. */
final class RecordSchemas {

    private final Definitions definitions;
    private final ScalarSchemas scalars;
    private final AliasSchemas aliases;
    private final ShortForms shortForms;
    /** The place of the first definition of each record: other ones share its properties. */
    private final Map<Class<?>, Place> first = new HashMap<>();

    RecordSchemas(Definitions definitions) {
        this.definitions = definitions;
        this.scalars = new ScalarSchemas(definitions);
        this.aliases = new AliasSchemas(this, scalars, definitions);
        this.shortForms = new ShortForms(this, scalars);
    }

    /** The schema of what stands at a site. */
    Map<String, Object> value(Site site, Place place) {
        return switch (site.type()) {
            case ParameterizedType list when list.getRawType() == List.class -> list(site, place);
            case ParameterizedType map when map.getRawType() == Map.class -> map(site, place);
            case Class<?> scalar when Forms.isScalar(scalar) -> scalar(scalar, site, place);
            case Class<?> record -> reference(record, place);
            default -> throw new IllegalStateException("no manifest type: " + site.type());
        };
    }

    /** As {@link #value}, where null is none. */
    Map<String, Object> present(Site site, Place place) {
        Map<String, Object> schema = value(site, place);
        List<String> types = JsonTypes.of(site);
        schema.put("type", types.size() == 1 ? types.getFirst() : types);
        return schema;
    }

    private Map<String, Object> list(Site site, Place place) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", List.of("array", "null"));
        schema.put("items", present(site.argument(0), place));
        return schema;
    }

    private Map<String, Object> map(Site site, Place place) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", List.of("object", "null"));
        site.argument(0)
                .get(Pattern.class)
                .ifPresent(name -> schema.put("propertyNames", ScalarSchemas.pattern(name.regexp(), name.message())));
        schema.put("additionalProperties", value(site.argument(1), place));
        return schema;
    }

    private Map<String, Object> scalar(Class<?> type, Site site, Place place) {
        if (site.get(Pattern.class).isPresent()) {
            Pattern pattern = site.get(Pattern.class).get();
            return scalars.alternatives(List.of(scalars.text(pattern.regexp(), pattern.message())));
        }
        Map<String, Object> schema = scalars.of(type, place.literal());
        Bounds.addTo(schema, site);
        return schema;
    }

    private Map<String, Object> reference(Class<?> record, Place place) {
        String simple = record.getSimpleName().replaceFirst("Entry$", "");
        String name = place.as().isEmpty() ? simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1)
                : place.as();
        return definitions.reference(name, List.of(record, place.without()), () -> definition(record, name, place));
    }

    /** A mapping, or one of the forms that the record's factories take. */
    private Map<String, Object> definition(Class<?> record, String name, Place place) {
        RecordShape shape = RecordShape.of(record);
        Place shared = first.putIfAbsent(record, place);
        List<Map<String, Object>> forms = new ArrayList<>(shortForms.of(shape, place));
        if (shape.takesMapping()) {
            forms.add(mapping(shape, place, "#/$defs/" + name, shared));
        }
        if (forms.size() == 1 && shape.takesMapping()) {
            forms.getFirst().put("type", List.of("object", "null"));
            return forms.getFirst();
        }
        return scalars.alternatives(forms);
    }

    /**
     * Keys that a layer leaves to another one are not required of it.
     *
     * @param pointer
     *            where the schema will stand
     */
    Map<String, Object> mapping(RecordShape shape, Place place, String pointer, @Nullable Place shared) {
        Map<String, Object> properties = new LinkedHashMap<>();
        Map<String, Object> aliased = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (RecordShape.Component key : shape.components()) {
            if (place.without().contains(key.name())) {
                continue;
            }
            Place known = shared == null || shared.without().contains(key.name()) ? null : shared;
            properties.put(key.name(), known == null ? property(key, place) : property(known, key.name()));
            if (key.required() && !place.partial()) {
                required.add(key.name());
            }
            for (Key.Alias alias : key.aliases()) {
                aliased.put(alias.value(), known == null
                        ? aliases.property(key, alias, place.below(key), pointer(pointer, key.name()))
                        : property(known, alias.value()));
            }
        }
        properties.putAll(aliased);
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        schema.putAll(aliases.conflicts(shape));
        return schema;
    }

    private static Map<String, Object> property(Place shared, String key) {
        return pointer("#/$defs/" + shared.as(), key);
    }

    private static Map<String, Object> pointer(String mapping, String key) {
        return new LinkedHashMap<>(Map.of("$ref", mapping + "/properties/" + key));
    }

    private Map<String, Object> property(RecordShape.Component component, Place place) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", component.description());
        Place below = place.below(component);
        boolean mustBeThere = component.required() && !place.partial();
        schema.putAll(mustBeThere ? present(Site.of(component), below) : value(Site.of(component), below));
        if (!component.standard().isEmpty()) {
            schema.put("default", CoreTypes.parse(component.standard()));
        }
        if (!component.examples().isEmpty()) {
            schema.put("examples", component.examples().stream().map(CoreTypes::parse).toList());
        }
        return schema;
    }
}

package dev.provision.hypervisor.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Strict reader of one JSON object: a field that is missing, of another type, or not known is an error, because a
 * record read in part would be written back in part.
 */
public final class JsonFields {
    private final String where;
    private final JsonNode object;
    private final Set<String> known = new HashSet<>();

    /**
     * @param where
     *            path of the object for messages, empty for the document
     */
    public JsonFields(String where, JsonNode object) throws MalformedJsonException {
        this.where = where;
        this.object = object;
        if (!object.isObject()) {
            throw new MalformedJsonException((where.isEmpty() ? "the document" : where) + " is not an object");
        }
    }

    public String text(String name) throws MalformedJsonException {
        return textOf(name, required(name));
    }

    public Optional<String> optionalText(String name) throws MalformedJsonException {
        Optional<JsonNode> node = optional(name);
        return node.isPresent() ? Optional.of(textOf(name, node.get())) : Optional.empty();
    }

    public long number(String name) throws MalformedJsonException {
        JsonNode node = required(name);
        if (!node.canConvertToLong() || !node.isIntegralNumber()) {
            throw wrong(name, "a whole number");
        }
        return node.longValue();
    }

    /** The number, or {@code otherwise} where there is none. */
    public int numberOr(String name, int otherwise) throws MalformedJsonException {
        if (optional(name).isEmpty()) {
            return otherwise;
        }
        long number = number(name);
        if (number != (int) number) {
            throw wrong(name, "a number of this size");
        }
        return (int) number;
    }

    /** The truth value, or {@code otherwise} where there is none. */
    public boolean flagOr(String name, boolean otherwise) throws MalformedJsonException {
        Optional<JsonNode> node = optional(name);
        if (node.isPresent() && !node.get().isBoolean()) {
            throw wrong(name, "true or false");
        }
        return node.map(JsonNode::booleanValue).orElse(otherwise);
    }

    /** The truth value, if there is one. */
    public Optional<Boolean> optionalFlag(String name) throws MalformedJsonException {
        return optional(name).isPresent() ? Optional.of(flagOr(name, false)) : Optional.empty();
    }

    public Optional<List<String>> optionalTexts(String name) throws MalformedJsonException {
        return optional(name).isPresent() ? Optional.of(texts(name)) : Optional.empty();
    }

    public List<String> textsOrNone(String name) throws MalformedJsonException {
        return optional(name).isPresent() ? texts(name) : List.of();
    }

    public SortedMap<String, String> mapOrNone(String name) throws MalformedJsonException {
        return optional(name).isPresent() ? map(name) : new TreeMap<>();
    }

    /** The objects of a list; none where there is no list. */
    public List<JsonFields> objects(String name) throws MalformedJsonException {
        Optional<JsonNode> array = optional(name);
        if (array.isPresent() && !array.get().isArray()) {
            throw wrong(name, "a list");
        }
        List<JsonFields> objects = new ArrayList<>();
        if (array.isPresent()) {
            for (JsonNode node : array.get()) {
                objects.add(new JsonFields(path(name), node));
            }
        }
        return objects;
    }

    /** The objects that are an object's fields; none where there is no such object. */
    SortedMap<String, JsonFields> objectsByName(String name) throws MalformedJsonException {
        Optional<JsonNode> node = optional(name);
        if (node.isPresent() && !node.get().isObject()) {
            throw wrong(name, "an object");
        }
        SortedMap<String, JsonFields> objects = new TreeMap<>();
        if (node.isPresent()) {
            for (var entry : node.get().properties()) {
                objects.put(entry.getKey(), new JsonFields(path(name + "." + entry.getKey()), entry.getValue()));
            }
        }
        return objects;
    }

    public List<String> texts(String name) throws MalformedJsonException {
        JsonNode array = required(name);
        if (!array.isArray()) {
            throw wrong(name, "a list");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode node : array) {
            texts.add(textOf(name, node));
        }
        return texts;
    }

    public SortedMap<String, String> map(String name) throws MalformedJsonException {
        JsonNode node = required(name);
        if (!node.isObject()) {
            throw wrong(name, "an object");
        }
        SortedMap<String, String> map = new TreeMap<>();
        for (var entry : node.properties()) {
            map.put(entry.getKey(), textOf(name + "." + entry.getKey(), entry.getValue()));
        }
        return map;
    }

    public JsonFields object(String name) throws MalformedJsonException {
        return new JsonFields(path(name), required(name));
    }

    public Optional<JsonFields> optionalObject(String name) throws MalformedJsonException {
        Optional<JsonNode> node = optional(name);
        return node.isPresent() ? Optional.of(new JsonFields(path(name), node.get())) : Optional.empty();
    }

    /** These may be there, whatever they hold. */
    public void skip(String... names) {
        known.addAll(List.of(names));
    }

    /** To be called when all has been read. */
    public void requireNoOthers() throws MalformedJsonException {
        for (var entry : object.properties()) {
            if (!known.contains(entry.getKey())) {
                throw new MalformedJsonException("`" + path(entry.getKey()) + "` is not a field of this format");
            }
        }
    }

    public MalformedJsonException wrong(String name, String expected) {
        return new MalformedJsonException("`" + path(name) + "` is not " + expected);
    }

    private JsonNode required(String name) throws MalformedJsonException {
        Optional<JsonNode> node = optional(name);
        if (node.isEmpty()) {
            throw new MalformedJsonException("`" + path(name) + "` is missing");
        }
        return node.get();
    }

    private Optional<JsonNode> optional(String name) {
        known.add(name);
        return Optional.ofNullable(object.get(name));
    }

    private String textOf(String name, JsonNode node) throws MalformedJsonException {
        if (!node.isTextual()) {
            throw wrong(name, "a text");
        }
        return node.textValue();
    }

    private String path(String name) {
        return where.isEmpty() ? name : where + "." + name;
    }
}

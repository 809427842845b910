package dev.provision.schema.manifest;

import java.util.List;

import dev.provision.schema.binding.FromList;
import dev.provision.schema.binding.FromScalar;

/** One name or several. */
public record Names(List<String> names) {
    public Names {
        names = List.copyOf(names);
    }

    @FromScalar("a name")
    static Names one(String name) {
        return new Names(List.of(name));
    }

    @FromList("a list of names")
    static Names several(List<String> names) {
        return new Names(names);
    }
}

package dev.provision.planner.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.Specs;
import dev.provision.schema.fleet.Fleet;

/** Manifests at random, and others that differ from them here and there. */
final class RandomManifests {

    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f");
    private static final List<String> KEYS = List.of("count", "cpus", "memory", "overlay", "storage", "disks", "shm",
            "image", "env", "run", "ports", "network", "ready", "labels", "protect", "ttl", "ignoreChanges",
            "cpuset");
    private static final List<String> OF_RESOURCES = List.of("cpus", "memory", "overlay", "storage", "disks", "shm",
            "cpuset");

    private static final Set<String> HARDWARE = Set.of("hardware.cpus", "hardware.memory");

    private final Random random;

    /** Of its own, for the same reason. */
    private final Random hardware;

    /** Of its own: with and without networks, a seed stands for the same manifests else. */
    private final Random networks;

    RandomManifests(Random random, long seed) {
        this.random = random;
        this.networks = new Random(seed);
        this.hardware = new Random(~seed);
    }

    /** Some entries of up to six: what each of them says under which key. */
    SortedMap<String, SortedMap<String, String>> entries() {
        SortedMap<String, SortedMap<String, String>> entries = new TreeMap<>();
        for (String name : NAMES) {
            if (random.nextInt(3) > 0) {
                SortedMap<String, String> keys = new TreeMap<>();
                KEYS.forEach(key -> draw(name, key, keys));
                drawNetworks(keys);
                drawHardware(keys);
                entries.put(name, keys);
            }
        }
        return entries;
    }

    /** The same entries, some gone, some new, and some with other keys. */
    SortedMap<String, SortedMap<String, String>> mutated(SortedMap<String, SortedMap<String, String>> entries) {
        SortedMap<String, SortedMap<String, String>> others = new TreeMap<>(entries());
        entries.forEach((name, keys) -> {
            SortedMap<String, String> changed = new TreeMap<>(keys);
            int most = List.of(0, 0, 1, 3).get(random.nextInt(4));
            for (int i = 0; i < most; i++) {
                draw(name, KEYS.get(random.nextInt(KEYS.size())), changed);
            }
            if (networks.nextInt(4) == 0) {
                drawNetworks(changed);
            }
            if (hardware.nextInt(4) == 0) {
                drawHardware(changed);
            }
            if (random.nextInt(5) > 0) {
                others.put(name, changed);
            }
        });
        return others;
    }

    /** With dependencies that there can be, and with a pool. */
    Fleet fleet(SortedMap<String, SortedMap<String, String>> entries, String host) {
        StringBuilder text = new StringBuilder(host)
                .append("networks: {lab: {subnet: 10.77.0.0/28}, side: }\nmachines:\n");
        List<String> later = new ArrayList<>(entries.keySet());
        entries.forEach((name, keys) -> {
            later.remove(name);
            text.append("  ").append(name).append(": {").append(body(keys, dependencies(later, entries))).append("}\n");
        });
        return Specs.fleet(entries.isEmpty() ? "machines: {}\n" : text.toString());
    }

    private static String body(Map<String, String> keys, String dependencies) {
        List<String> parts = new ArrayList<>();
        List<String> resources = new ArrayList<>();
        keys.forEach((key, value) -> {
            // Without a network device nothing can be forwarded, and one port cannot reach two machines.
            boolean isPossible = switch (key) {
                case "ports" -> !keys.containsKey("network") && !keys.containsKey("count");
                case "networks" -> !keys.containsKey("network");
                default -> true;
            };
            if (isPossible && !HARDWARE.contains(key)) {
                (OF_RESOURCES.contains(key) ? resources : parts).add(key + ": " + equipped(key, value, keys));
            }
        });
        parts.add("resources: {" + String.join(", ", resources) + "}");
        if (!dependencies.isEmpty()) {
            parts.add("dependsOn: {" + dependencies + "}");
        }
        return String.join(", ", parts);
    }

    /** What is said of a resource with what is said of its hardware: huge pages are all there or not at all. */
    private static String equipped(String resource, String value, Map<String, String> keys) {
        String hardware = keys.getOrDefault("hardware." + resource, "");
        if (hardware.isEmpty()) {
            return value;
        }
        String limit = value.startsWith("{") ? value.replaceFirst(".*limit: ([^,}]*).*", "$1") : value;
        boolean isRange = value.startsWith("{") && !hardware.startsWith("hugepages");
        return (isRange ? value.substring(0, value.length() - 1) : "{limit: " + limit) + ", " + hardware + "}";
    }

    private String dependencies(List<String> others, Map<String, SortedMap<String, String>> entries) {
        List<String> all = new ArrayList<>();
        for (String other : others) {
            if (random.nextInt(3) == 0) {
                boolean job = Objects.requireNonNull(entries.get(other)).getOrDefault("run", "").contains("never");
                List<String> conditions = job ? List.of("started", "ready", "completed", "completed")
                        : List.of("started", "ready", "ready");
                all.add(other + ": " + any(conditions));
            }
        }
        return String.join(", ", all);
    }

    /** Says something under a key, or nothing. */
    private void draw(String name, String key, Map<String, String> keys) {
        String value = switch (key) {
            case "count" -> sometimes(6, "2");
            case "cpus" -> cpus();
            case "memory" -> memory();
            case "overlay" -> sometimes(2, (1 + random.nextInt(3)) + "GiB");
            case "storage" -> sometimes(2, (1 + random.nextInt(3)) + "GiB");
            case "disks" -> sometimes(3, any(List.of("{x: 1GiB}", "{x: 2GiB}", "{x: 1GiB, y: 1GiB}")));
            case "shm" -> sometimes(2, (16 * (1 + random.nextInt(4))) + "MiB");
            case "image" -> sometimes(4, any(List.of("debian", "alpine")));
            case "env" -> sometimes(2, any(List.of("{A: x}", "{A: y}", "{A: x, B: z}")));
            case "run" -> sometimes(2, "{command: [" + any(List.of("x", "y")) + "], restart: "
                    + any(List.of("never", "never", "always", "on-failure")) + "}");
            case "ports" -> sometimes(2, "[\"" + (8000 + 10 * name.charAt(0) + random.nextInt(2)) + ":80\"]");
            case "network" -> sometimes(8, "false");
            case "ready" -> sometimes(3, "{timeout: " + (5 + random.nextInt(3)) + "s}");
            case "labels" -> sometimes(2, "{tier: " + any(List.of("front", "back")) + "}");
            case "protect" -> sometimes(5, any(List.of("true", "false")));
            case "ttl" -> sometimes(6, (1 + random.nextInt(2)) + "d");
            case "ignoreChanges" -> sometimes(5,
                    any(List.of("[image]", "[resources]", "[env.A, labels]", "[ports]", "[run]",
                            "[resources.memory]")));
            case "cpuset" -> sometimes(8, any(List.of("\"0\"", "\"0-1\"")));
            default -> throw new IllegalArgumentException(key);
        };
        if (value.isEmpty()) {
            keys.remove(key);
        } else {
            keys.put(key, value);
        }
    }

    private void drawNetworks(Map<String, String> keys) {
        List<String> some = List.of("", "[lab]", "[lab, side]", "[side]");
        String value = some.get(networks.nextInt(some.size()));
        if (value.isEmpty()) {
            keys.remove("networks");
        } else {
            keys.put("networks", value);
        }
    }

    private void drawHardware(Map<String, String> keys) {
        drawHardware("hardware.cpus", List.of("", "", "", "hotplug: true"), keys);
        drawHardware("hardware.memory", List.of("", "", "", "", "hotplug: true", "hotplug: false", "hugepages: true",
                "hugepages: 2MiB", "deflateOnOom: true"), keys);
    }

    private void drawHardware(String key, List<String> some, Map<String, String> keys) {
        String value = some.get(hardware.nextInt(some.size()));
        if (value.isEmpty()) {
            keys.remove(key);
        } else {
            keys.put(key, value);
        }
    }

    private String cpus() {
        int limit = 1 + random.nextInt(8);
        int request = 1 + random.nextInt(limit);
        return sometimes(2, random.nextBoolean() ? "" + limit / 2.0
                : "{request: %s, limit: %s, max: %s}".formatted(request / 2.0, limit / 2.0,
                        (limit + random.nextInt(4)) / 2.0));
    }

    private String memory() {
        int limit = 2 + random.nextInt(10);
        int request = 2 + random.nextInt(limit - 1);
        return sometimes(2, random.nextBoolean() ? 64 * limit + "MiB"
                : "{request: %dMiB, limit: %dMiB, max: %dMiB}".formatted(64 * request, 64 * limit,
                        64 * (limit + random.nextInt(6))));
    }

    /** One time in so many it is left out. */
    private String sometimes(int parts, String value) {
        boolean said = parts > 3 ? random.nextInt(parts) == 0 : random.nextInt(parts + 1) > 0;
        return said ? value : "";
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}

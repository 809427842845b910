package dev.provision.schema.jsonschema;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.manifest.MachineEntry;
import dev.provision.schema.manifest.ManifestEntry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Each of many values in each place: the JSON Schema and the reader take and refuse the same. */
class EveryValueTest {

    private static final Set<String> PARTS = Set.of("defaults", "profiles", "machines");

    private static final List<String> VALUES = List.of("", "~", "Null", "true", "False", "no", "\"true\"",
            "0", "1", "2", "-1", "-0", "+2", "010", "64", "65", "127", "128", "3072", "3073", "8192", "70000", "100001",
            "99999999999", "0.5", "1.5", "2.0", ".5", "2.", "-0.5", "1e3", "0x10", "0o17", "1_000", ".inf", "\"12\"",
            "\"-1\"", "\" 12 \"", "abc", "Abc", "-abc", "a.b", "a b", "\"\"", "\" \"", "\"a\\0b\"", "\"a\\nb\"", "ä",
            "auto", "any", "T4", "t-4", "A100:2", "a100-80gb", "A100:65", "B200", "512MiB", "4TiB", "1MiB", "\"1 GiB\"",
            "-0MiB", "1PiB", "512Mib", "\"512 \"", "500m", "0m", "500ms", "30s", "1h30m", "0s", "2d", "0-3",
            "\"0,1\"", "3-1", "\"0, 9000\"", "\"8080:80\"", "\"08080:080\"", "\"99999:1\"", "\"127.0.0.1:53:53/udp\"",
            "\"1.2.3.400:1:1\"", "\"./a:/b\"", "\"./a:/b/../c\"", "\"./a:/\"", "\"./a:/b:ro\"", "\"./a:/b:rx\"",
            "8080/health", "\"http://localhost:80/\"", "0/x", "health", "/path", "/a/b", "/a/../b", "path",
            "10.0.0.0/24",
            "10.0.0.0/30", "10.0.0.256/24", "0000:3b:00.0", "\"3b:1f.7\"", "\"3b:2f.0\"", "10de:20b0", "CI_SIZE",
            "1g.5gb",
            "started", "ready", "always", "never", "on-failure", "resources.memory", "\"${SIZE}\"", "\"x${SIZE}y\"",
            "\"${\"", "\"${a-b}\"", "\"$$\"", "\"$${SIZE}\"", "$HOME", "\"${SIZE:-b}\"", "\"${SIZE:-${SIZE}}\"",
            "\"${SIZE:?why not}\"", "[]", "[~]", "[1]", "[1, 2]", "[0.5, 2]", "[512MiB, 1GiB]", "[1, 1GiB]", "[a, b]",
            "[\"\", b]", "[[a]]", "[\"${SIZE}\"]", "[\"8080:80\"]", "[tpu]", "[{name: x}]", "{}", "{a: b}", "{A: ~}",
            "{a: []}",
            "{db: ready}", "{x-y: 1GiB}", "{limit: 1}", "{limit: 128}", "{request: 0.5, limit: 1}", "{size: 1}",
            "{command: x}", "{port: 80}", "{env: X, value: y}", "{a: {subnet: 10.0.0.0/24}}");

    private final Agreement agreement = new Agreement();

    private void check(String text) {
        List<String> found = agreement.disagreements(new SourceText("m", text));
        assertEquals(List.of(), found, () -> String.join("\n", found));
    }

    /** Each case is a machine of one manifest. */
    @Test
    void ofMachines() {
        StringBuilder text = new StringBuilder("version: 1\nfleet: f\nvariables: {SIZE: 512MiB}\nmachines:\n");
        int count = 0;
        for (Spots.Spot spot : Spots.of(MachineEntry.class, key -> !key.equals("count") && !key.equals("extends"))) {
            for (String value : VALUES) {
                text.append("  m").append(count++).append(": ").append(spot.with(value)).append('\n');
            }
        }
        assertTrue(count > 10_000, count + " cases");
        check(text.toString());
    }

    @Test
    void ofTheRest() {
        for (Spots.Spot spot : Spots.of(ManifestEntry.class, key -> !PARTS.contains(key) && !key.equals("include"))) {
            for (String value : VALUES) {
                String section = spot.with(value);
                String others = spot.path().startsWith("variables") ? "" : "variables: {SIZE: 512MiB}, ";
                String head = (spot.path().equals("version") ? "" : "version: 1, ")
                        + (spot.path().equals("fleet") ? "" : "fleet: f, ");
                check("{" + head + others + "machines: {}, " + section.substring(1));
            }
        }
    }
}

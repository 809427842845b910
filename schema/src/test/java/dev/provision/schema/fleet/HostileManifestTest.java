package dev.provision.schema.fleet;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What comes to name files, options of programs or lines of settings is refused before it is anywhere near them. */
class HostileManifestTest {

    private static Optional<Fleet> read(String text, Problems problems) {
        return ManifestReader.read(new SourceText("m.yaml", "version: 1\n" + text), problems);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        // names of machines, fleets, networks and disks name folders, sockets, block nodes
        "fleet: f\nmachines: {'..': {}}", "fleet: f\nmachines: {'a/b': {}}", "fleet: f\nmachines: {'a,b': {}}",
        "fleet: f\nmachines: {'a\\b': {}}", "fleet: f\nmachines: {'-uuid': {}}", "fleet: f\nmachines: {\"a\\nb\": {}}",
        "fleet: f\nmachines: {\"a\\0\": {}}", "fleet: f\nmachines: {'%s': {}}", "fleet: f\nmachines: {'': {}}",
        "fleet: ../f\nmachines: {a: {}}", "fleet: .\nmachines: {a: {}}", "fleet: \"f\\n\"\nmachines: {a: {}}",
        "fleet: f\nnetworks: {'../n': {subnet: 10.1.0.0/24}}\nmachines: {a: {}}",
        "fleet: f\nmachines: {a: {resources: {disks: {'x,y': {size: 1GiB, mount: /x}}}}}",
        "fleet: f\nmachines: {a: {resources: {disks: {x: {size: 1GiB, mount: /x/../../etc}}}}}",
        "fleet: f\nmachines: {a: {resources: {disks: {x: {size: 1GiB, mount: '/x y'}}}}}",
        // images name folders
        "fleet: f\nmachines: {a: {image: ../../etc}}", "fleet: f\nmachines: {a: {image: /etc/passwd}}",
        "fleet: f\nmachines: {a: {image: \"x'y\"}}", "fleet: f\nmachines: {a: {image: 'x,readonly=off'}}",
        "fleet: f\nmachines: {a: {image: \"builtin\\n\"}}",
        // settings are C strings and shell assignments
        "fleet: f\nmachines: {a: {env: {\"X\\nY\": v}}}", "fleet: f\nmachines: {a: {env: {'X=Y;reboot': v}}}",
        "fleet: f\nmachines: {a: {env: {X: \"a\\0b\"}}}", "fleet: f\nmachines: {a: {run: {command: [\"a\\0b\"]}}}",
        "fleet: f\nmachines: {a: {volumes: [\"/srv\\0:/srv\"]}}", "fleet: f\nmachines: {a: {volumes: ['/srv:srv']}}",
        "fleet: f\nmachines: {a: {volumes: ['/srv:/srv:rw,exec']}}",
        // rules of the monitor and of the command line
        "fleet: f\nmachines: {a: {ports: ['127.0.0.1,x:80:80']}}", "fleet: f\nmachines: {a: {ports: ['80:80;quit']}}",
        "fleet: f\nmachines: {a: {ready: {http: \"80/ HTTP/1.0\\r\\nX: y\"}}}",
        "fleet: f\nmachines: {a: {labels: {x: \"a\\nb\"}}}"})
    void isRefused(String manifest) {
        Problems problems = new Problems();
        Optional<Fleet> fleet = read(manifest, problems);
        assertTrue(fleet.isEmpty() || problems.hasErrors(), () -> "taken: " + fleet);
        assertFalse(problems.sorted().isEmpty());
    }

    /** These are values, not names: they must arrive as they are. */
    @Test
    void quotesCommasAndLinesAreValuesLikeOthers() {
        Problems problems = new Problems();
        Fleet fleet = read("fleet: f\nmachines: {a: {env: {X: \"a'b,c\\n$(reboot)%s\"}}}", problems)
                .orElseThrow(() -> new AssertionError(problems.sorted()));
        MachineSpec spec = fleet.machines().values().iterator().next().spec();
        assertEquals("a'b,c\n$(reboot)%s", spec.workload().env().get("X"));
    }
}

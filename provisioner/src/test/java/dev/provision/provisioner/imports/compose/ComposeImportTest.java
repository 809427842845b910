package dev.provision.provisioner.imports.compose;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.provisioner.imports.Conversions;
import dev.provision.provisioner.imports.ImportRequest;
import dev.provision.provisioner.imports.Imported;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.MachineSpec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Single keys of Compose, and what they mean to a machine. */
class ComposeImportTest {

    private static Imported service(String keys) {
        return Conversions.compose("services: {a: {" + keys + "}}");
    }

    private static MachineSpec machine(String keys) {
        return Conversions.machine("services: {a: {" + keys + "}}");
    }

    private static void says(Imported imported, String remark) {
        List<String> remarks = Conversions.remarks(imported).stream().map(text -> text.split(" ", 2)[1]).toList();
        assertTrue(remarks.contains(remark), remarks::toString);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mem_limit: 512M                      | 512 MiB
            mem_limit: 512m                      | 512 MiB
            mem_limit: 1.5gb                     | 1536 MiB
            mem_limit: 1073741824                | 1 GiB
            mem_limit: 1073741825b               | 1025 MiB
            mem_limit: '${M:-256M}'              | 256 MiB
            mem_limit: 16m                       | 128 MiB
            mem_reservation: 2g                  | 2 GiB
            """)
    void sizesAreDockersBinaryOnes(String key, String limit) {
        assertEquals(limit, machine(key).resources().memory().limit().toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cpus: 1.5                                               | 1.5  | 1.5
            cpus: '0'                                               | 1    | 1
            cpu_quota: 150000                                       | 1.5  | 1.5
            cpu_quota: 25000, cpu_period: 50000                     | 0.5  | 0.5
            cpu_count: 3                                            | 3    | 3
            cpus: 1, deploy: {resources: {limits: {cpus: '2'}}}     | 2    | 2
            deploy: {resources: {reservations: {cpus: '0.25'}}}     | 0.25 | 1
            deploy: {resources: {reservations: {cpus: '3'}}}        | 3    | 3
            """)
    void cpus(String keys, String request, String limit) {
        var cpus = machine(keys).resources().cpus();
        assertEquals(request, cpus.request().toString());
        assertEquals(limit, cpus.limit().toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            '8080:80'                            | 0.0.0.0:8080:80
            8080:80/udp                          | 0.0.0.0:8080:80/udp
            127.0.0.1:1-3:4-6                    | 127.0.0.1:1:4 127.0.0.1:2:5 127.0.0.1:3:6
            {target: 80, published: '81'}        | 0.0.0.0:81:80
            {target: 80, published: 81, host_ip: 10.0.0.1, protocol: udp, mode: host} | 10.0.0.1:81:80/udp
            "${P:-99}:80"                        | 0.0.0.0:99:80
            """)
    void portsListenWhereComposeListens(String port, String forwards) {
        List<String> ports = machine("ports: [" + port + "]").network().ports().stream().map(Object::toString).toList();
        assertEquals(forwards, String.join(" ", ports));
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "80-90", "8000-8001:80", "'[::1]:80:80'", "80:80/sctp", "70000:80", "{published: 1}",
        "{target: 80}", "[1]", "'${P:-x}:80'"})
    void portsThatCannotBeForwardedAreSaid(String port) {
        Imported imported = service("image: builtin, ports: [" + port + "]");
        assertEquals(1, imported.losses(), imported.manifest());
        assertFalse(imported.manifest().contains("ports:"), imported.manifest());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            command: a 'b c' "d \\"e\\"" f\\ g   | a, b c, d "e", f g
            command: [a, 'b c']                  | a, b c
            entrypoint: x, command: [y, z]       | x, y, z
            entrypoint: [x], command: []         | x
            command: sh -c 'echo $$HOME'         | sh, -c, echo $HOME
            command: ''                          |
            command:                             |
            """)
    void commands(String keys, String words) {
        assertEquals(words == null ? "" : words, String.join(", ", machine(keys).workload().command()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            restart: 'no'                                                  | never
            restart: no                                                    | never
            restart: always                                                | always
            restart: unless-stopped                                        | always
            restart: on-failure:3                                          | on-failure
            restart: always, deploy: {restart_policy: {condition: none}}   | never
            deploy: {restart_policy: {}}                                   | always
            image: x                                                       | on-failure
            """)
    void restartPolicies(String keys, String policy) {
        assertEquals(policy, machine("command: x, " + keys).workload().restart().toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            test: [CMD, a, b]                                   | exec a b                    | PT3M
            test: a b && c                                      | exec /bin/sh -c a b && c    | PT3M
            test: [CMD-SHELL, a b], interval: 1s, timeout: 500ms, retries: 4, start_period: 1m | exec /bin/sh -c a b | PT1M6S
            test: [NONE]                                        | agent                       | PT2M
            test: [CMD, a], disable: true                       | agent                       | PT2M
            test: [a]                                           | agent                       | PT2M
            """)
    void healthChecksDecideReadiness(String check, String probe, String timeout) {
        var ready = machine("healthcheck: {" + check + "}").ready();
        assertEquals(probe, ready.probe().toString());
        assertEquals(timeout, ready.timeout().toString());
    }

    @Test
    void swapAndPlacement() {
        var resources = machine(
                "mem_limit: 1g, memswap_limit: 1024m, cpuset: '0-2', cpu_shares: 512, gpus: [{count: 2}]")
                .resources();
        assertFalse(resources.swap());
        assertEquals("0-2", resources.placement().cpuset().orElseThrow().toString());
        assertEquals(512, resources.placement().shares());
        assertEquals(2, resources.gpu().orElseThrow().quantity());
        assertTrue(machine("mem_limit: 1g, memswap_limit: 2g").resources().swap());
    }

    @Test
    void dependenciesFollowTheNames() {
        Imported imported = Conversions.compose("""
                services:
                  Data_Base: { image: x, healthcheck: { test: 'true' } }
                  data-base: { image: x }
                  job: { command: j }
                  app:
                    depends_on:
                      Data_Base: { condition: service_healthy }
                      job: { condition: service_completed_successfully }
                    links: [ data-base ]
                """);
        assertTrue(imported.manifest().contains("dependsOn: {data-base-2: ready, job: completed, data-base: started}"),
                imported.manifest());
        says(imported, "machine `Data_Base` is called `data-base-2`");
    }

    @Test
    void volumesBecomeFoldersAndDisks() {
        MachineSpec machine = machine("""
                volumes: ['cache:/var/cache', './a:/b:ro', {type: bind, source: /c, target: /d}, '${E:-./e}:/e']""");
        assertEquals("{cache=10 GiB at /var/cache}", machine.resources().disks().toString());
        assertEquals(List.of("/b:ro", "/d", "/e"), machine.volumes()
                .stream()
                .map(volume -> volume.target() + (volume.readOnly() ? ":ro" : ""))
                .toList());
        says(service("volumes: ['cache:/y', '/z:/y']"), "the volume at `/y` is not carried over");
        says(Conversions.compose("services: {a: {volumes: ['cache:/v']}, b: {volumes: ['cache:/v']}}"),
                "the volume `cache` is not carried over");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''     | ./data | ./data:/d
            app    | ./data | ./app/data:/d
            app    | .      | ./app:/d
            ..     | ./data | ../data:/d
            app    | ../x   | ./app/../x:/d
            app    | /abs   | /abs:/d
            app    | ${D:-./data} | ${D:-./app/data}:/d
            """)
    void relativeFoldersAreSeenFromTheManifest(String way, String source, String volume) {
        String text = "services: {a: {volumes: ['" + source + ":/d']}}";
        Imported imported = ComposeImport
                .convert(new ImportRequest(new SourceText("c", text), "c", "lab", way, Optional.of("x")),
                        new Problems())
                .orElseThrow();
        assertTrue(imported.manifest().matches("(?s).*volumes: \\[['\"]?\\Q" + volume + "\\E['\"]?].*"),
                imported.manifest());
    }

    @Test
    void servicesShareTheDefaultNetworkUnlessTheyAreAlone() {
        assertFalse(service("image: x").manifest().contains("networks:"));
        String two = Conversions.compose("services: {a: {image: x}, b: {network_mode: none}, c: {networks: [n]}}")
                .manifest();
        assertFalse(two.contains("default"), two);
        assertTrue(two.contains("network: false"), two);
        String three = Conversions.compose("services: {a: {image: x}, b: {image: y}}").manifest();
        assertTrue(three.contains("networks: [default]") && three.contains("networks:\n  default: {}\nmachines:\n"),
                three);
    }

    @Test
    void extendedServicesMergeAsComposeSays() {
        Imported imported = Conversions.compose("""
                services:
                  base:
                    environment: { A: 1, B: 1 }
                    ports: ['1:1']
                    volumes: ['./x:/x', './y:/y']
                    command: [a, b]
                  app:
                    extends: { service: base }
                    environment: [B=2, C=3]
                    ports: ['2:2']
                    volumes: ['./z:/y']
                    command: [c]
                """);
        String app = imported.manifest().replaceAll("(?s).*\n  app:", "").replaceAll("(?m)^ *#.*\n", "");
        assertTrue(app.contains("env: {A: '1', B: '2', C: '3'}"), app);
        assertTrue(app.contains("command: [c]"), app);
        assertTrue(app.contains("volumes: ['./x:/x', './z:/y']"), app);
        assertTrue(app.contains("0.0.0.0:2:2"), app);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            privileged: true       | `privileged` is not carried over
            env_file: .env         | `env_file` is not carried over
            extends: {file: x, service: y} | `extends` is not carried over
            nosuchkey: 1           | `nosuchkey` is not carried over
            healthcheck: {x: 1}    | `healthcheck.x` is not carried over
            deploy: {resources: {limits: {pids: 1}}} | `deploy.resources.limits.pids` is not carried over
            ports: {a: b}          | `ports` is not carried over
            working_dir: /x        | `working_dir` is not carried over
            hostname: other        | the name `other` is not carried over
            image: 'postgres:16'   | the image `postgres:16` is not carried over
            environment: {a.b: c}  | the variable `a.b` is not carried over
            labels: ['a@b=c']      | the label `a@b` is not carried over
            cpuset: x              | `cpuset` is not carried over
            mem_limit: lots        | `mem_limit` is not carried over
            """)
    void whatIsLostIsSaid(String key, String remark) {
        says(service(key), remark);
    }

    @ParameterizedTest
    @ValueSource(strings = {"privileged: false", "tty: false", "cap_add: []", "init: false", "hostname: a",
        "logging:", "image: builtin", "sysctls: {}"})
    void whatAsksForNothingIsNot(String key) {
        assertEquals(0, service(key).losses(), () -> Conversions.remarks(service(key)).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                             | 1:1 there are no `services`
            'a: [b'                        | 1:4 not valid YAML
            '- a'                          | 1:1 there are no `services`
            'services: {}'                 | 1:1 there are no `services`
            'services: {a: {x: 1, x: 2}}'  | 1:22 `x` stands twice here
            """)
    void whatIsNoComposeFileIsAnError(String text, String error) {
        Problems problems = new Problems();
        ImportRequest request = new ImportRequest(new SourceText("c.yaml", text), "c.yaml", "lab", "",
                Optional.empty());
        assertTrue(ComposeImport.convert(request, problems).isEmpty());
        Diagnostic first = problems.sorted().getFirst();
        String shown = first.span().orElseThrow().toString().substring("c.yaml:".length()) + " " + first.what();
        assertTrue(shown.startsWith(error), shown);
    }

    @Test
    void aliasesCannotFillTheMemory() {
        StringBuilder bomb = new StringBuilder("x: &x {");
        for (int i = 0; i < 3000; i++) {
            bomb.append("k").append(i).append(": 1, ");
        }
        bomb.append("}\nservices:\n");
        for (int i = 0; i < 3000; i++) {
            bomb.append("  s").append(i).append(": *x\n");
        }
        Problems problems = new Problems();
        ImportRequest request = new ImportRequest(new SourceText("c", bomb.toString()), "c", "lab", "",
                Optional.empty());
        assertTrue(ComposeImport.convert(request, problems).isEmpty());
        assertEquals("the file has more than 50000 values", problems.sorted().getFirst().what());
    }
}

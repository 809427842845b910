package dev.provision.hypervisor.qemu.commandline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.Specs;
import dev.provision.schema.fleet.Disk;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Volume;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class GuestSettingsTest {
    private static final MachineId ID = new MachineId("ci-lab", "job-0");

    @Test
    void identity() {
        assertEquals("""
                ADDRESS='10.0.2.15/24'
                CONTRACT='1'
                DNS='10.0.2.3'
                GATEWAY='10.0.2.2'
                HOSTNAME='job-0'
                MAC='%s'
                MACHINE_ID='%s'
                """.formatted(ID.mac(), ID.uuid().toString().replace("-", "")),
                text(GuestSettings.File.IDENTITY, Specs.job("job-0", "true")));
    }

    @Test
    void withoutANetworkTheIdentityHasNoAddress() {
        assertEquals("""
                ADDRESS=''
                CONTRACT='1'
                DNS=''
                GATEWAY=''
                HOSTNAME='job-0'
                MAC=''
                MACHINE_ID='%s'
                """.formatted(ID.uuid().toString().replace("-", "")),
                text(GuestSettings.File.IDENTITY, Specs.withoutNetwork(Specs.job("job-0", "true"))));
    }

    @Test
    void bootQuotesEachArgumentAndThenAll() {
        assertEquals("""
                CPUS='1'
                DISKS=''
                EPOCH='1700000000'
                RESTART='never'
                RUN=''\\''echo'\\'' '\\''it'\\''\\'\\'''\\''s'\\'''
                SHM_MIB='32'
                VOLUMES=''
                """, text(GuestSettings.File.BOOT, Specs.job("job-0", "echo", "it's")));
    }

    @Test
    void disksAreMountedFromTheOutsideIn() {
        ByteSize size = ByteSize.ofMib(16);
        MachineSpec spec = Specs.withNamedDisks(Specs.service("web-0"), Map.of("a", new Disk(size, "/srv/www/a"), "b",
                new Disk(size, "/srv"), "c", new Disk(size, "/srv/www")));
        assertTrue(text(GuestSettings.File.BOOT, spec).contains("DISKS='b:/srv c:/srv/www a:/srv/www/a'\n"));
    }

    /** The tag says which it is, whatever the order. */
    @Test
    void volumesAreMountedFromTheOutsideInWhateverTheirFoldersAreCalled() throws IOException, InterruptedException {
        MachineSpec spec = Specs.withVolumes(Specs.service("web-0"), new Volume("/a", "/srv/it's a; $(folder) *", true),
                new Volume("/b", "/srv", false));
        assertEquals("volume-1|rw|/srv|volume-0|ro|/srv/it's a; $(folder) *|", sh(
                text(GuestSettings.File.BOOT, spec) + "eval \"set -- $VOLUMES\"; printf '%s|' \"$@\"\n"));
    }

    private static String sh(String script) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
        String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, shell.waitFor(), out);
        return out;
    }

    /** What a real shell makes of it is what was meant. */
    @ParameterizedTest
    @ValueSource(strings = {"plain", "", "it's", "''", "'\\''", "$HOME `id` \"x\" \\", "two\nlines", "tab\tend ", "ü☃",
        "*"})
    void survivesAShell(String value, @TempDir Path folder) throws IOException, InterruptedException {
        MachineSpec spec = Specs.withEnv(Specs.job("job-0", "printf", "%s|", value, "-n"), "VALUE", value);
        Path script = folder.resolve("script");
        Files.writeString(script, text(GuestSettings.File.ENV, spec) + text(GuestSettings.File.BOOT, spec)
                + "printf '%s|' \"$VALUE\"; eval \"set -- $RUN\"; \"$@\"\n");
        Process shell = new ProcessBuilder("sh", script.toString()).redirectErrorStream(true).start();
        assertEquals(value + "|" + value + "|-n|",
                new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertTrue(shell.waitFor() == 0);
    }

    private static String text(GuestSettings.File file, MachineSpec spec) {
        return GuestSettings.text(file, ID, spec, Instant.ofEpochSecond(1_700_000_000));
    }
}

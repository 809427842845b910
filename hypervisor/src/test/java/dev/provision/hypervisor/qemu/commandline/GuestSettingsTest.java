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

    /** A machine that two networks share has its plain name on the first, and its own name is its own affair. */
    @Test
    void theIdentityNamesNetworksAndWhoIsOnThem() {
        MachineId id = new MachineId("shop", "web-0");
        String text = text(GuestSettings.File.IDENTITY, Specs.withNetworks(Specs.service("web-0"), "lab", "side"), id);
        assertTrue(text.contains("\nNETWORKS='%s 10.77.0.5/24 %s 10.77.1.5/24'\n".formatted(id.mac("lab"),
                id.mac("side"))), text);
        assertTrue(text.contains("""
                HOSTS='10.77.0.5 web-0.lab web-0.shop
                10.77.0.9 web-1 web-1.lab web-1.shop
                10.77.1.5 web-0.side
                10.77.1.9 web-1.side'
                """), text);
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
                ATTEMPTS='4'
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
        return text(file, spec, ID);
    }

    private static String text(GuestSettings.File file, MachineSpec spec, MachineId id) {
        return GuestSettings.text(file, id, spec, Instant.ofEpochSecond(1_700_000_000), 4);
    }
}

package dev.provision.hypervisor.qemu.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.Specs;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.planner.host.Accelerator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class UserSeparationTest {
    private static final String ALL = "000001ffffffffff";
    private static final String EVERYBODY = "         0          0 4294967295\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @BeforeEach
    void openFolder() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    }

    private static ProcessRights rights(int user, String capabilities, String map) {
        return new ProcessRights(
                "Name:\tjava\nUid:\t1000\t%d\t%d\t%d\nCapEff:\t%s\n".formatted(user, user, user, capabilities), map,
                map);
    }

    private UserSeparation separation(ProcessRights rights, boolean setpriv) {
        return new UserSeparation(new StoreLayout(folder.resolve("state"), folder.resolve("run")), Accelerator.TCG,
                _ -> setpriv, rights);
    }

    @Test
    void rootOfAHostHasUsersForItsVmms() {
        assertEquals(Optional.empty(), separation(rights(0, ALL, EVERYBODY), true).obstacle());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            000001ffffffffff | 0 0 4294967295 | false | no `setpriv`           | util-linux
            000001ffffffff7f | 0 0 4294967295 | true  | lacks CAP_SETUID       | outside of the container
            000001ffffffffff | 0 100000 65536 | true  | has no users 187904819 | map these users
            """)
    void saysWhatIsMissing(String capabilities, String map, boolean setpriv, String why, String fix) {
        UserSeparation.Obstacle obstacle = separation(rights(0, capabilities, map), setpriv).obstacle().orElseThrow();
        assertTrue(obstacle.why().contains(why), obstacle.why());
        assertTrue(obstacle.fix().contains(fix), obstacle.fix());
    }

    @Test
    void aClosedFolderAboveIsNamed() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        UserSeparation.Obstacle obstacle = separation(rights(0, ALL, EVERYBODY), true).obstacle().orElseThrow();
        assertTrue(obstacle.why().endsWith(folder.toRealPath().toString()), obstacle.why());
    }

    /** Rather no machine than one that is root's without a word. */
    @Test
    void anImageThatOthersMayNotReadIsAnError() throws IOException {
        Path kernel = Files.writeString(folder.resolve("kernel"), "kernel");
        Files.setPosixFilePermissions(kernel, PosixFilePermissions.fromString("rw-------"));
        DriverException error = assertThrows(DriverException.class, () -> separation(rights(0, ALL, EVERYBODY), true)
                .user(new MachineId("shop", "web"), Specs.service("web"), List.of(kernel)));
        assertEquals("`chmod o+r " + kernel + "`", error.fix());
    }

    @Test
    void othersVmmsAreTheirs() {
        assertEquals(Optional.empty(), separation(rights(1000, "0", EVERYBODY), false).obstacle());
    }

    @Test
    void oneThatForwardsALowPortKeepsTheRightToDoSo() {
        assertEquals(List.of("setpriv", "--reuid=7", "--regid=7", "--clear-groups", "--no-new-privs",
                "--bounding-set=-all", "--inh-caps=-all"), new VmmUser(7, OptionalInt.empty(), false).prefix());
        assertEquals(
                List.of("setpriv", "--reuid=7", "--regid=7", "--groups=108", "--no-new-privs",
                        "--bounding-set=-all,+net_bind_service", "--inh-caps=-all,+net_bind_service",
                        "--ambient-caps=-all,+net_bind_service"),
                new VmmUser(7, OptionalInt.of(108), true).prefix());
    }
}

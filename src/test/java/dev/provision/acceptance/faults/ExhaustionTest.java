package dev.provision.acceptance.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.acceptance.Provision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A host that has nothing left of something: space (ENOSPC), open files (EMFILE), folders that may be written (EROFS). What
 * fails says where, why and what to do; when there is some again, one more {@code apply} converges.
 */
class ExhaustionTest {

    private static final String FLEET = "exhausted";
    private static final int PAGE = 4096;

    /** What the folder of the installation is to the JVM's own command line. */
    private static final Path PROGRAM = Path.of("../../provisioner/target/provision").toAbsolutePath().normalize();

    @TempDir
    private Path folder = Path.of("");

    private Provision provision = new Provision(folder);
    private Invariants invariants = new Invariants(provision, FLEET);
    private final List<Path> mounted = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        provision = new Provision(folder);
        invariants = new Invariants(provision, FLEET);
        Files.createDirectories(provision.state());
        manifest(128, 0);
    }

    @AfterEach
    void endVmms() {
        provision.close();
        for (Path mount : mounted.reversed()) {
            // What writes the logs of a VMM ends a moment after it.
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> isDone("umount", mount.toString()));
        }
    }

    private void manifest(int mib, int round) {
        provision.write("machines.yaml", """
                version: 1
                fleet: %s
                machines:
                  a:
                    resources: { memory: { limit: %dMiB, max: 192MiB }, overlay: 64MiB, storage: 32MiB }
                    env: { ROUND: "%d" }
                """.formatted(FLEET, mib, round));
    }

    private void holds() throws IOException {
        invariants.hold(new TreeSet<>(List.of("a")));
    }

    private static boolean isDone(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor() == 0;
    }

    private static String all(Provision.Result result) {
        String all = result.out() + result.err();
        assertFalse(all.contains("\tat ") || all.contains("Exception") || all.contains("bug in provision"), all);
        return all;
    }

    private void mountSmallStore() throws Exception {
        assumeTrue(isDone("mount", "-t", "tmpfs", "-o", "size=32m,mode=0711", "tmpfs", provision.state().toString()),
                "this user cannot mount a tmpfs");
        mounted.add(provision.state());
    }

    /** Leaves that many pages; to be deleted to make room again. */
    private Path fill(int pages) throws IOException {
        Path filler = provision.state().resolve("filler");
        long free = Files.getFileStore(provision.state()).getUsableSpace();
        try {
            Files.write(filler, new byte[(int) (free - (long) pages * PAGE)]);
        } catch (IOException full) {
            // A guest has written meanwhile, and no page is left either.
            if (pages > 0 || !String.valueOf(full.getMessage()).contains("No space left on device")) {
                throw full;
            }
        }
        return filler;
    }

    /** The command fails by the full disk, and says so. */
    private void runsOutOfSpace(String... command) {
        Provision.Result failed = provision.run(command);
        String said = all(failed);
        assertNotEquals(0, failed.exitCode(), said);
        assertTrue(said.contains(provision.state() + "/") || said.contains("the host has no room"), said);
        assertTrue(said.contains("No space left on device") || said.contains("the host has no room"), said);
        assertTrue(said.contains("fix: free space"), said);
    }

    /** Of its pages the first files of a fleet take two, its record two more, a start about six; then the guest makes file systems. */
    @ParameterizedTest
    @ValueSource(ints = {0, 2, 7, 24})
    void aMachineThatIsMadeOnAFullDisk(int pages) throws Exception {
        mountSmallStore();
        Path filler = fill(pages);
        runsOutOfSpace("apply", "--yes");
        all(provision.run("status").exits(0));
        Files.delete(filler);
        all(provision.run("apply", "--yes").exits(0));
        holds();
    }

    @Test
    void aMachineThatIsChangedOnAFullDisk() throws Exception {
        mountSmallStore();
        provision.run("apply", "--yes").exits(0);
        holds();
        for (String change : List.of("live", "restart", "recreate")) {
            manifest(change.equals("live") ? 160 : 144, change.equals("live") ? 0 : 1);
            String[] command = change.equals("recreate")
                    ? new String[]{"apply", "--yes", "--allow=all", "--replace=a"}
                    : new String[]{"apply", "--yes"};
            long pid = provision.pid("a");
            Path filler = fill(0);
            runsOutOfSpace(command);
            // A guest that writes anything just then waits for room.
            assertTrue(Set.of("ready", "paused").contains(provision.state("a")), change);
            assertEquals(List.of(pid), provision.vmms().stream().map(ProcessHandle::pid).toList(),
                    "what cannot be written down is not begun");
            Files.delete(filler);
            all(provision.run(command).exits(0));
            holds();
        }
    }

    private static List<String> limited(int files) {
        return List.of("sh", "-c", "ulimit -n " + files + "; exec \"$@\"", "sh");
    }

    /** The program without its launcher, which refuses such limits: with more machines the same happens at higher ones. */
    private static List<String> unguarded(int files) {
        return List.of("sh", "-c", "ulimit -n " + files + "; shift; exec " + Path.of(System.getProperty("java.home"),
                "bin/java") + " -XX:+UseSerialGC -Xlog:disable -XX:TieredStopAtLevel=1 -Dprovision.home=" + PROGRAM
                + " -jar " + PROGRAM + "/lib/provision.jar \"$@\"", "sh");
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 40, 127})
    void tooFewFilesForAnyCommandAreRefusedBeforeItBegins(int files) {
        for (String command : List.of("status", "plan", "apply --yes")) {
            Provision.Result refused = provision.runBehind(limited(files), command.split(" ", -1)).exits(5);
            String said = all(refused);
            assertTrue(said.contains("open " + files + " files at once") && said.contains("fix: raise the limit"),
                    said);
        }
        assertEquals(List.of(), provision.vmms());
        assertEquals(List.of(), provision.storeFiles());
    }

    /** Not to be able to ask a VMM says nothing of it: it is not taken for one that hangs or has ended. */
    @Test
    void tooFewFilesInTheMiddle() throws Exception {
        for (int files : List.of(36, 44, 50)) {
            saysThatFilesAreFew(provision.runBehind(unguarded(files), "apply", "--yes"));
        }
        provision.run("apply", "--yes").exits(0);
        holds();
        long pid = provision.pid("a");
        for (int files : List.of(36, 40, 43, 46)) {
            for (String command : List.of("status", "apply --yes --allow=all")) {
                String said = saysThatFilesAreFew(provision.runBehind(unguarded(files), command.split(" ", -1)));
                assertFalse(said.contains("unresponsive") || said.contains("dead"), said);
                assertEquals(List.of(pid), provision.vmms().stream().map(ProcessHandle::pid).toList());
            }
        }
        for (String command : List.of("restart a", "destroy --yes")) {
            saysThatFilesAreFew(provision.runBehind(unguarded(44), command.split(" ", -1)));
            provision.run("apply", "--yes").exits(0);
            holds();
        }
    }

    /** Also when it suffices by luck: then the command does what it should. */
    private static String saysThatFilesAreFew(Provision.Result result) {
        String said = all(result);
        if (result.exitCode() != 0) {
            assertTrue(said.contains("ulimit -n"), said);
        }
        return said;
    }

    private void readOnly(Path path) throws Exception {
        assumeTrue(isDone("mount", "--bind", path.toString(), path.toString()), "this user cannot mount anything");
        mounted.add(path);
        assertTrue(isDone("mount", "-o", "remount,bind,ro", path.toString()));
    }

    private void writable(Path path) throws Exception {
        assertTrue(isDone("umount", path.toString()));
        mounted.remove(path);
    }

    /** Who looks sees everything; who would change something is refused before anything is done. */
    @Test
    void foldersThatAreReadOnly() throws Exception {
        provision.run("apply", "--yes").exits(0);
        holds();
        long pid = provision.pid("a");
        manifest(160, 1);
        for (Path path : List.of(provision.state(), provision.runtime())) {
            readOnly(path);
            assertEquals("ready", provision.state("a"));
            assertTrue(all(provision.run("plan").exits(0)).contains("1 to restart"));
            for (String command : List.of("apply --yes", "restart a", "stop a", "destroy --yes --storage")) {
                String said = all(provision.run(command.split(" ", -1)).exits(5));
                assertTrue(said.contains(path.toString()) && said.contains("ead-only") && said.contains("fix: "), said);
            }
            assertEquals(pid, provision.pid("a"));
            writable(path);
        }
        provision.run("apply", "--yes").exits(0);
        holds();
    }
}

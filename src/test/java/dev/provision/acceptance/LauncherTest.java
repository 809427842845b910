package dev.provision.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.acceptance.LauncherSandbox.Outcome;
import dev.provision.acceptance.LauncherSandbox.Run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The launcher on machines that lack this or that, with every outside command faked. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final int HOST_LACKS_SOMETHING = 5;
    private static final String COMMAND = "\n    apt-get update && apt-get install -y --no-install-recommends qemu-system-x86\n";
    private static final String QEMU = "qemu-system-x86_64";
    private static final String APT_CACHE = "echo '  Candidate: (none)'";

    @TempDir
    Path folder;

    private LauncherSandbox machine;

    @BeforeEach
    void setUp() throws IOException {
        machine = new LauncherSandbox(folder);
    }

    @Test
    void handsArgumentsOverUntouched() throws Exception {
        Outcome outcome = machine.run(machine.installation(), "plan", "a b", "", "*", "$HOME");

        assertEquals(0, outcome.exitCode());
        assertEquals(List.of("plan", "a b", "", "*", "$HOME"), argumentsOf(outcome));
    }

    @Test
    void takesItsOwnOptionOutBeforeTheDoubleDash() throws Exception {
        Outcome outcome = machine.run(
                machine.installation(), "exec", "--no-setup", "web", "--", "install", "--no-setup", "--");

        assertEquals(List.of("exec", "web", "--", "install", "--no-setup", "--"), argumentsOf(outcome));
    }

    @Test
    void manifestMayBeginWithADash() throws Exception {
        Path launcher = machine.installation();
        Files.writeString(machine.folder().resolve("-dash.yaml"), "machines: {}");

        Outcome outcome = machine.run(launcher, "plan", "--", "-dash.yaml");

        assertEquals(List.of("plan", "--", "-dash.yaml"), argumentsOf(outcome));
        assertFalse(outcome.errors().contains("find"), outcome.errors());
    }

    @Test
    void endsWithTheProgramsExitCode() throws Exception {
        assertEquals(4, machine.set("FAKE_EXIT_CODE", "4").run(machine.installation(), "plan").exitCode());
    }

    @Test
    void saysNothingOnStdoutItself() throws Exception {
        Outcome outcome = machine.run(machine.installation(), "plan");

        assertTrue(outcome.output().getFirst().startsWith("-XX:"), outcome.output().toString());
        assertTrue(outcome.errors().contains("preparing fast starts"), outcome.errors());
    }

    @Test
    void runsThroughSymbolicLink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), machine.installation());

        assertEquals(List.of("version"), argumentsOf(machine.run(link, "version")));
    }

    @Test
    void preparesFastStartsOnceForTheSameJars() throws Exception {
        Path launcher = machine.installation();
        machine.run(launcher, "plan");

        Outcome again = machine.run(launcher, "plan");
        assertEquals("", again.errors());
        String cache = cacheOf(again);

        Files.writeString(launcher.getParent().resolveSibling("lib/provision.jar"), "another jar");
        Outcome changed = machine.run(launcher, "plan");
        assertFalse(cacheOf(changed).equals(cache), "a changed jar must not run with the former cache");
    }

    @Test
    void plansWithoutQemu() throws Exception {
        Outcome outcome = machine.run(machine.installation(), "plan", "apply");

        assertEquals(0, outcome.exitCode());
    }

    @Test
    void showsHelpOfBootingCommandWithoutQemu() throws Exception {
        assertEquals(0, machine.run(machine.installation(), "apply", "--help").exitCode());
    }

    @Test
    void namesTheOneCommandAnAdministratorMustRun() throws Exception {
        aptThatMustNotRun().fake("id", "echo 1000");

        Outcome outcome = machine.run(machine.installation(), "apply", "--yes");

        assertEquals(HOST_LACKS_SOMETHING, outcome.exitCode());
        assertTrue(outcome.errors().contains("QEMU, to run virtual machines"), outcome.errors());
        assertTrue(outcome.errors().endsWith("an administrator must run:" + COMMAND), outcome.errors());
        assertEquals(List.of(), outcome.output());
    }

    @Test
    void asksForPerlWhereThereIsNone() throws Exception {
        aptThatMustNotRun().fake("id", "echo 1000").fake(QEMU, "exit 0").without("perl");

        Outcome outcome = machine.run(machine.installation(), "apply", "--yes");

        assertEquals(HOST_LACKS_SOMETHING, outcome.exitCode());
        assertTrue(outcome.errors().contains("perl, to keep the logs"), outcome.errors());
        assertTrue(outcome.errors().endsWith("--no-install-recommends perl-base\n"), outcome.errors());
    }

    @Test
    void doesNotInstallWhenToldNotTo() throws Exception {
        aptThatMustNotRun().fake("id", "echo 0");

        Outcome byOption = machine.run(machine.installation(), "apply", "--no-setup");
        assertEquals(HOST_LACKS_SOMETHING, byOption.exitCode());
        assertTrue(byOption.errors().endsWith(COMMAND), byOption.errors());
    }

    @Test
    void doesNotInstallWhenTheEnvironmentForbidsIt() throws Exception {
        aptThatMustNotRun().fake("id", "echo 0").set("PROVISION_SETUP", "never");

        Outcome byVariable = machine.run(machine.installation(), "apply");
        assertEquals(HOST_LACKS_SOMETHING, byVariable.exitCode());
        assertTrue(byVariable.errors().endsWith(COMMAND), byVariable.errors());
    }

    @Test
    void installsWhatIsMissing() throws Exception {
        aptThatInstallsQemu().fake("id", "echo 0");

        Outcome outcome = machine.run(machine.installation(), "apply");

        assertEquals(0, outcome.exitCode(), outcome.errors());
        assertEquals(List.of("apply"), argumentsOf(outcome));
        assertTrue(outcome.errors().contains("installing with apt-get: qemu-system-x86"), outcome.errors());
    }

    @Test
    void installsBySudoWhenItAsksForNoPassword() throws Exception {
        aptThatInstallsQemu().fake("id", "echo 1000").fake("sudo", "[ \"$1\" != -n ] || exit 0\nexec \"$@\"");

        assertEquals(0, machine.run(machine.installation(), "apply").exitCode());
    }

    @Test
    void doesNotWaitForAPasswordNobodyCanType() throws Exception {
        aptThatMustNotRun().fake("id", "echo 1000").fake("sudo", "exit 1");

        Outcome outcome = machine.run(machine.installation(), "apply");
        assertTrue(outcome.errors().endsWith("an administrator must run:" + COMMAND), outcome.errors());
    }

    @Test
    void refreshesThePackageListsWhenTheInstallationFails() throws Exception {
        machine.fake("id", "echo 0").fake("apt-cache", APT_CACHE).fake("apt-get", """
                case $* in
                *update*) touch "$HOME/updated" ;;
                *install*) [ -e "$HOME/updated" ] || exit 100; ln=${0%%/*}/%s; touch "$ln"; chmod +x "$ln" ;;
                esac
                """.formatted(QEMU));

        Outcome outcome = machine.run(machine.installation(), "apply");
        assertEquals(0, outcome.exitCode(), outcome.errors());
    }

    @Test
    void showsWhatAptSaysWhenItCannotInstall() throws Exception {
        machine.fake("id", "echo 0").fake("apt-get", "echo 'E: no network'; exit 100");

        Outcome outcome = machine.run(machine.installation(), "apply");
        assertEquals(HOST_LACKS_SOMETHING, outcome.exitCode());
        assertTrue(outcome.errors().contains("E: no network"), outcome.errors());
    }

    @Test
    void printsTheCommandOfAPackageManagerItDoesNotRun() throws Exception {
        machine.fake("brew", "exit 1").fake("uname", "case $1 in -m) echo arm64 ;; *) echo Darwin ;; esac");

        Outcome outcome = machine.run(machine.installation(), "apply");
        assertEquals(HOST_LACKS_SOMETHING, outcome.exitCode());
        assertTrue(outcome.errors().endsWith("\n    brew install qemu\n"), outcome.errors());
    }

    @Test
    void saysWhereItLookedForJava() throws Exception {
        aptThatMustNotRun().fake("id", "echo 0").jdk("17.0.15");

        Outcome outcome = machine.run(machine.installation(), "version");

        assertEquals(HOST_LACKS_SOMETHING, outcome.exitCode());
        assertTrue(outcome.errors().contains("no package of JDK 25"), outcome.errors());
        assertTrue(outcome.errors().contains(folder.resolve("jdks").toString()), outcome.errors());
    }

    @Test
    void saysThatTheNamedJdkIsNoJdk25() throws Exception {
        machine.jdk("250.1").set("PROVISION_JAVA_HOME", folder.resolve("jdks/jdk").toString());

        Outcome outcome = machine.run(machine.installation(), "version");

        assertEquals(HOST_LACKS_SOMETHING, outcome.exitCode());
        assertTrue(outcome.errors().contains("is not a JDK 25"), outcome.errors());
    }

    @Test
    void buildsOnceAndAgainWhenASourceChangesOrGoes() throws Exception {
        Path launcher = machine.checkout();
        Path sources = launcher.resolveSibling("schema/src/main/java");

        Outcome first = machine.run(launcher, "plan");
        assertEquals(0, first.exitCode(), first.errors());
        machine.run(launcher, "plan");
        assertEquals(1, machine.builds());

        Files.writeString(sources.resolve("Units.java"), "class Units { int changed; }");
        Outcome changed = machine.run(launcher, "plan");
        assertTrue(changed.errors().contains("its sources have changed"), changed.errors());
        assertEquals(2, machine.builds());

        Files.delete(sources.resolve("Fleet.java"));
        machine.run(launcher, "plan");
        assertEquals(3, machine.builds());
    }

    @Test
    void buildsOnceWhenStartedTwice() throws Exception {
        Path launcher = machine.checkout();

        Run one = machine.start(launcher, "plan");
        Run other = machine.start(launcher, "plan");

        assertEquals(0, one.end().exitCode());
        assertEquals(0, other.end().exitCode());
        assertEquals(1, machine.builds());
    }

    @Test
    void goesOnWithoutGuestOnAHostThatCannotBuildIt() throws Exception {
        Path launcher = machine.checkout();
        machine.fake(QEMU, "").set("FAKE_IMAGE_EXIT_CODE", "5");

        Outcome outcome = machine.run(launcher, "apply");
        assertEquals(List.of("apply"), argumentsOf(outcome));
        assertTrue(outcome.errors().contains("going on without the built-in guest"), outcome.errors());
    }

    @Test
    void stopsWhenTheGuestCannotBeBuilt() throws Exception {
        Path launcher = machine.checkout();
        machine.fake(QEMU, "").set("FAKE_IMAGE_EXIT_CODE", "1");

        assertEquals(1, machine.run(launcher, "apply").exitCode());
    }

    @Test
    void runsAFreshBuildWithoutMaven() throws Exception {
        Path launcher = machine.checkout();
        machine.run(launcher, "plan");

        assertEquals(0, machine.without("mvn").run(launcher, "plan").exitCode());
    }

    @Test
    void showsWhatMavenSaysWhenTheBuildFails() throws Exception {
        Path launcher = machine.checkout();
        machine.fake("mvn", "echo 'Units.java: cannot find symbol'; exit 1");

        Outcome outcome = machine.run(launcher, "plan");
        assertEquals(1, outcome.exitCode());
        assertTrue(outcome.errors().contains("cannot find symbol"), outcome.errors());
    }

    private LauncherSandbox aptThatMustNotRun() throws IOException {
        return machine.fake("apt-cache", APT_CACHE).fake("apt-get", "echo 'apt-get was run'; exit 1");
    }

    private LauncherSandbox aptThatInstallsQemu() throws IOException {
        return machine.fake("apt-get",
                """
                        case $* in *' install '*qemu-system-x86) command=${0%%/*}/%s; touch "$command"; chmod +x "$command" ;; esac
                        """
                        .formatted(QEMU));
    }

    private static List<String> argumentsOf(Outcome outcome) {
        List<String> words = outcome.output();
        return words.subList(words.indexOf("-jar") + 2, words.size());
    }

    private static String cacheOf(Outcome outcome) {
        return outcome.output().stream().filter(word -> word.startsWith("-XX:AOTCache=")).findFirst().orElseThrow();
    }
}

package dev.provision.acceptance;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A machine for the launcher to run on: a PATH that holds nothing but what is put there, a Java 25 that prints its
 * arguments, and a copy of the launcher as an installation or as a checkout. Nothing of the real host is seen or changed.
 */
final class LauncherSandbox {
    private static final Path SOURCES = Path.of(System.getProperty("basedir", "src/test"))
            .resolve("../..")
            .toAbsolutePath()
            .normalize();
    private static final Path PARTS = Path.of("provisioner/src/main/launcher");
    private static final List<String> TOOLS = List.of(
            "cat", "chmod", "cksum", "cut", "dirname", "env", "find", "flock", "head", "id", "ls", "mkdir", "mktemp",
            "mv",
            "readlink", "rm", "sed", "setsid", "sh", "sleep", "sort", "tail", "touch");

    private final Path root;
    private final Map<String, String> environment;

    record Outcome(int exitCode, List<String> output, String errors) {}

    LauncherSandbox(Path root) throws IOException {
        this.root = root;
        this.environment = new HashMap<>(Map.of(
                "PATH", root.resolve("bin").toString(),
                "HOME", root.resolve("home").toString(),
                "PROVISION_JDK_FOLDERS", root.resolve("jdks").toString()));
        for (String folder : List.of("bin", "home", "jdks")) {
            Files.createDirectories(root.resolve(folder));
        }
        for (String tool : TOOLS) {
            passThrough(tool);
        }
        fake("perl", "exit 0");
        fake("uname", "case ${1-} in -m) echo x86_64 ;; *) echo Linux ;; esac");
        jdk("25.0.3");
    }

    /** Puts a command on the PATH, or replaces one. */
    LauncherSandbox fake(String name, String script) throws IOException {
        write(root.resolve("bin").resolve(name), "#!/bin/sh\n" + script + "\n");
        return this;
    }

    LauncherSandbox without(String name) throws IOException {
        Files.delete(root.resolve("bin").resolve(name));
        return this;
    }

    LauncherSandbox set(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Replaces the only JDK. */
    LauncherSandbox jdk(String version) throws IOException {
        Path jdk = root.resolve("jdks/jdk");
        write(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        write(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        write(jdk.resolve("bin/java"), """
                #!/bin/sh
                for argument; do
                    case $argument in
                    -XX:AOTCacheOutput=*) echo cache >"${argument#*=}"; exit ;;
                    image) exit "${FAKE_IMAGE_EXIT_CODE:-0}" ;;
                    esac
                done
                for argument; do echo "$argument"; done
                exit "${FAKE_EXIT_CODE:-0}"
                """);
        return this;
    }

    /** Which folder it is started in. */
    Path folder() {
        return root;
    }

    /** The launcher as an installation has it. */
    Path installation() throws IOException {
        Path home = root.resolve("installed here");
        copy(Path.of("provision"), home.resolve("bin/provision"));
        for (String part : List.of("needs.sh", "packages.sh")) {
            copy(PARTS.resolve(part), home.resolve("lib/launcher").resolve(part));
        }
        write(home.resolve("lib/provision.jar"), "a jar");
        write(home.resolve("guest/builtin/image.json"), "{}");
        return home.resolve("bin/provision");
    }

    /** The launcher in a checkout with one source file; a Maven that leaves a jar and counts its builds. */
    Path checkout() throws IOException {
        Path home = root.resolve("checked out here");
        copy(Path.of("provision"), home.resolve("provision"));
        for (String part : List.of("needs.sh", "packages.sh", "build.sh")) {
            copy(PARTS.resolve(part), home.resolve(PARTS).resolve(part));
        }
        write(home.resolve("pom.xml"), "<project/>");
        write(home.resolve("docs/diagnostics/PRV-0001.md"), "# PRV-0001");
        write(home.resolve("provisioner/pom.xml"), "<project/>");
        write(home.resolve("schema/pom.xml"), "<project/>");
        write(home.resolve("schema/src/main/java/Units.java"), "class Units {}");
        write(home.resolve("schema/src/main/java/Fleet.java"), "class Fleet {}");
        fake("mvn", """
                echo build >>"$HOME/builds"
                sleep 0.2
                mkdir -p provisioner/target/provision/lib
                echo jar >provisioner/target/provision/lib/provision.jar
                """);
        return home.resolve("provision");
    }

    int builds() throws IOException {
        Path file = root.resolve("home/builds");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    Outcome run(Path launcher, String... arguments) throws IOException, InterruptedException {
        return start(launcher, arguments).end();
    }

    Run start(Path launcher, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(root, "output", "");
        Path errors = Files.createTempFile(root, "errors", "");
        ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new Run(builder.start(), output, errors);
    }

    /** A launcher that has been started. */
    record Run(Process process, Path output, Path errors) {
        Outcome end() throws IOException, InterruptedException {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("the launcher does not end; it has said: " + Files.readString(errors));
            }
            return new Outcome(process.exitValue(), Files.readAllLines(output), Files.readString(errors));
        }
    }

    // A script, not a link: JUnit warns of every link that leads out of its folder.
    private void passThrough(String name) throws IOException {
        for (String folder : List.of("/usr/bin", "/bin", "/usr/local/bin", "/opt/homebrew/bin")) {
            Path tool = Path.of(folder, name);
            if (Files.isExecutable(tool)) {
                fake(name, "exec " + tool + " \"$@\"");
                return;
            }
        }
    }

    private static void copy(Path source, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        Files.copy(SOURCES.resolve(source), target);
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}

package dev.provision.provisioner.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.provision.provisioner.views.SystemdUnit;

/** {@code provision systemd-unit}: a unit for {@code apply --watch}. */
@Command(name = "systemd-unit", mixinStandardHelpOptions = true, description = "Prints a unit of systemd that keeps a fleet as its manifest wants it, by apply --watch --yes.", footerHeading = "%nExamples:%n", footer = {
    "  provision systemd-unit lab.yaml > /etc/systemd/system/lab.service",
    "  provision systemd-unit --user > ~/.config/systemd/user/lab.service"})
final class SystemdUnitCommand implements Callable<Integer> {

    private static final String OURS = "PROVISION_";
    private static final String JAVA = "JAVA_HOME";

    @Parameters(index = "0", arity = "0..*", paramLabel = "FILE", description = "the manifest, and files to lay over it (default: machines.yaml)")
    private List<Path> files = List.of();

    @Option(names = "--user", description = "for the service manager of this user; machines go on after a logout with: loginctl enable-linger")
    private boolean user;

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        Map<String, String> environment = System.getenv();
        Path home = Directories.ofEnvironment(environment).home();
        if (home == null) {
            throw new CommandFailedException(ExitCode.HOST,
                    "it is not known where provision is installed, and a unit needs its absolute path",
                    "run it by its launcher, bin/provision of the installation");
        }
        SystemdUnit unit = of(home.resolve("bin/provision"), Path.of("").toAbsolutePath(),
                files.isEmpty() ? List.of(ManifestArgument.DEFAULT) : files, environment, user);
        output.exact(unit.text());
        return ExitCode.OK.number();
    }

    /** @param folder which relative paths begin with */
    static SystemdUnit of(Path program, Path folder, List<Path> files, Map<String, String> environment, boolean user) {
        List<Path> manifests = files.stream().map(file -> folder.resolve(file).normalize()).toList();
        SortedMap<String, String> ours = new TreeMap<>(environment);
        ours.keySet().removeIf(name -> !name.startsWith(OURS) && !name.equals(JAVA));
        SystemdUnit unit = new SystemdUnit(program.toAbsolutePath().normalize(), folder, manifests, ours, user);
        manifests.forEach(manifest -> {
            requireOneLine(manifest.toString());
            if (!Files.exists(manifest)) {
                throw new CommandFailedException(ExitCode.USAGE, "there is no " + manifest + " that could be watched",
                        "write it first, or name another one");
            }
        });
        ours.forEach((name, value) -> requireOneLine(name + "=" + value));
        List.of(program, folder).forEach(path -> requireOneLine(path.toString()));
        return unit;
    }

    private static void requireOneLine(String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new CommandFailedException(ExitCode.USAGE,
                    "`" + text.replaceAll("\\p{Cntrl}", "?") + "` has a control character, which no unit can hold",
                    "use another name");
        }
    }
}

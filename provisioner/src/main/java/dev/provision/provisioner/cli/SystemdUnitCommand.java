package dev.provision.provisioner.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

import dev.provision.hypervisor.store.ThisUser;
import dev.provision.provisioner.views.SystemdUnit;

/** {@code provision systemd-unit}: a unit for {@code apply --watch}. */
@Command(name = "systemd-unit", mixinStandardHelpOptions = true, description = "Prints a unit of systemd that keeps a fleet as its manifest wants it, by apply --watch --yes.", footerHeading = "%nExamples:%n", footer = {
    "  provision systemd-unit lab.yaml > /etc/systemd/system/lab.service",
    "  provision systemd-unit --metrics=127.0.0.1:9090 --allow=all --var-file=lab.env lab.yaml",
    "  provision systemd-unit --user > ~/.config/systemd/user/lab.service"})
final class SystemdUnitCommand implements Callable<Integer> {

    private static final String OURS = "PROVISION_";
    private static final String JAVA = "JAVA_HOME";

    /** Not options of {@code apply}, or not for a watch that nobody looks at. */
    private static final Set<String> NOT_HANDED_ON = Set.of("--user", "--output", "--file");

    @Mixin
    private ManifestArgument manifest = new ManifestArgument();

    @Mixin
    private PoolOptions pool = new PoolOptions();

    @Mixin
    private ScopeOptions scope = new ScopeOptions();

    @Mixin
    @SuppressWarnings("UnusedVariable") // what was typed is handed on by its name
    private AcceleratorOption accelerator = new AcceleratorOption();

    @Mixin
    @SuppressWarnings("UnusedVariable") // as above
    private WatchSettings settings = new WatchSettings();

    @Option(names = "--user", description = "for the service manager of this user; machines go on after a logout with: loginctl enable-linger")
    private boolean user;

    @Mixin
    private Output output = new Output();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        check();
        Map<String, String> environment = System.getenv();
        Directories directories = Directories.ofEnvironment(environment);
        Path home = directories.home();
        if (home == null) {
            throw new CommandFailedException(ExitCode.HOST,
                    "it is not known where provision is installed, and a unit needs its absolute path",
                    "run it by its launcher, bin/provision of the installation");
        }
        SystemdUnit unit = of(home.resolve("bin/provision"), Path.of("").toAbsolutePath(),
                manifest.paths(), options(spec.commandLine().getParseResult()),
                user || ThisUser.isRoot() ? environment(environment, directories) : environment, user);
        output.exact(unit.text());
        return ExitCode.OK.number();
    }

    private void check() {
        pool.check();
        if (scope.isReplacing() || scope.isRefreshOnly()) {
            throw new CommandFailedException(ExitCode.USAGE,
                    (scope.isReplacing() ? "--replace" : "--refresh-only") + " is done once, and a watch goes on",
                    "leave it out, and do it by hand: provision apply");
        }
    }

    /** As they were typed: what they say about files begins with the folder that the watch runs in too. */
    static List<String> options(ParseResult typed) {
        return typed.matchedOptions()
                .stream()
                .filter(option -> !NOT_HANDED_ON.contains(option.longestName()))
                .flatMap(SystemdUnitCommand::typed)
                .toList();
    }

    private static Stream<String> typed(OptionSpec option) {
        if (option.getValue() instanceof Boolean value) {
            return Stream.of(value ? option.longestName() : option.longestName().replaceFirst("--", "--no-"));
        }
        return option.originalStringValues().stream().map(value -> option.longestName() + "=" + value);
    }

    /** A service has not the XDG variables of who writes it, and would look for his machines in other folders. */
    static Map<String, String> environment(Map<String, String> environment, Directories directories) {
        Map<String, String> whole = new TreeMap<>(environment);
        whole.put("PROVISION_STATE_DIR", directories.state().toString());
        whole.put("PROVISION_RUNTIME_DIR", directories.runtime().toString());
        whole.put("PROVISION_CACHE_DIR", directories.cache().toString());
        whole.put("PROVISION_DEVICES", directories.devices().toString());
        return whole;
    }

    /** @param folder which relative paths begin with */
    static SystemdUnit of(Path program, Path folder, List<Path> files, List<String> options,
            Map<String, String> environment, boolean user) {
        List<Path> manifests = files.stream().map(file -> folder.resolve(file).normalize()).toList();
        SortedMap<String, String> ours = new TreeMap<>(environment);
        ours.keySet().removeIf(name -> !name.startsWith(OURS) && !name.equals(JAVA));
        SystemdUnit unit = new SystemdUnit(program.toAbsolutePath().normalize(), folder, manifests, options, ours,
                user);
        manifests.forEach(manifest -> {
            requireOneLine(manifest.toString());
            if (!Files.exists(manifest)) {
                throw new CommandFailedException(ExitCode.USAGE, "there is no " + manifest + " that could be watched",
                        "write it first, or name another one");
            }
        });
        options.forEach(SystemdUnitCommand::requireOneLine);
        if (!unit.hasProgramForSystemd()) {
            throw new CommandFailedException(ExitCode.USAGE,
                    "systemd starts no program whose path has a quote or a backslash: " + unit.program(),
                    "install provision in another folder");
        }
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

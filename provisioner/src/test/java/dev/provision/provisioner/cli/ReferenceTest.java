package dev.provision.provisioner.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import dev.provision.provisioner.golden.Golden;

/** {@code docs/cli.md} says what the commands say of themselves. {@code -Dgolden.regenerate=true} writes it anew. */
class ReferenceTest {

    private final StringBuilder text = new StringBuilder();

    @Test
    void isCurrent() {
        text.append("""
                # Command line

                Generated from the commands themselves by `ReferenceTest`; `provision COMMAND --help` says the same.

                """);
        CommandLine root = Main.commandLine();
        text.append(description(root.getCommandSpec())).append(" Every command also has `--help` and `--version`.\n");
        root.getSubcommands().values().forEach(this::command);
        exitCodes();
        Golden.checkFile(Path.of("../docs/cli.md"), text.toString());
    }

    private void command(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        text.append("\n## ").append(spec.qualifiedName()).append("\n\n").append(description(spec)).append("\n\n```\n");
        text.append(command.getHelp().synopsis(0).strip()).append("\n```\n");
        List<String> rows = new ArrayList<>();
        spec.positionalParameters().forEach(p -> rows.add(row(p.paramLabel(), p.description())));
        spec.options()
                .stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .forEach(option -> rows
                        .add(row(names(option), option.description())));
        if (!rows.isEmpty()) {
            text.append("\n| argument | meaning |\n|---|---|\n").append(String.join("", rows));
        }
        text.append("\n```sh\n");
        Arrays.stream(spec.usageMessage().footer()).forEach(line -> text.append(line.strip()).append('\n'));
        text.append("```\n");
        command.getSubcommands().values().forEach(this::command);
    }

    private static String description(CommandSpec spec) {
        return String.join(" ", spec.usageMessage().description());
    }

    private static String names(OptionSpec option) {
        String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        return String.join(", ", option.names()) + value;
    }

    private static String row(String name, String[] description) {
        String words = Ansi.OFF.string(String.join(" ", description));
        return "| `" + name + "` | " + words.replace("|", "\\|") + " |\n";
    }

    private void exitCodes() {
        text.append("\n## Exit codes\n\n| code | meaning |\n|---|---|\n");
        for (ExitCode code : ExitCode.values()) {
            text.append("| ").append(code.number()).append(" | ").append(code.meaning()).append(" |\n");
        }
    }
}

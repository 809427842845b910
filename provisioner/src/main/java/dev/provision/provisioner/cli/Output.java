package dev.provision.provisioner.cli;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import dev.provision.provisioner.views.Json;
import dev.provision.provisioner.views.Palette;

/** Where and in what form a command speaks. */
class Output {

    /** The forms. */
    enum Format {
        TEXT, JSON
    }

    @Option(names = {"-o",
        "--output"}, paramLabel = "FORMAT", defaultValue = "text", description = "text or json (default: text)")
    private Format format = Format.TEXT;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    private boolean exact;

    boolean isJson() {
        return format == Format.JSON;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** What standard output can show. */
    Palette palette() {
        return Palette.of(isTerminal(), System.getenv(), System.out.charset());
    }

    /** What standard error can show, which is often a file while standard output is a terminal. */
    static Palette errorPalette() {
        return Palette.of(isTerminal() && isTerminalDevice(Path.of("/proc/self/fd/2")), System.getenv(),
                System.err.charset());
    }

    /** Where there is no /proc, nothing is known against it. */
    private static boolean isTerminalDevice(Path descriptor) {
        try {
            String device = Files.readSymbolicLink(descriptor).toString();
            return device.startsWith("/dev/") && !device.equals("/dev/null");
        } catch (IOException e) {
            return true;
        }
    }

    /** Whether these arguments ask a command for JSON; also of a command line that is wrong elsewhere. */
    static boolean isJson(CommandSpec command, List<String> args) {
        OptionSpec output = command.findOption("-o");
        if (output == null || output.type() != Format.class) {
            return false;
        }
        for (int i = 0; i < args.size(); i++) {
            String value = args.get(i).replaceFirst("^(-o|--output)=?", "");
            boolean named = !value.equals(args.get(i));
            String format = named && value.isEmpty() && i + 1 < args.size() ? args.get(i + 1) : value;
            if (named && format.equalsIgnoreCase("json")) {
                return true;
            }
        }
        return false;
    }

    /** Whether a command's JSON is a line an event instead of one document. */
    static boolean printsLines(CommandSpec command) {
        return command.mixins().containsKey("confirmation") || command.mixins().containsKey("lifecycle");
    }

    /** A person sits at both ends. */
    static boolean isTerminal() {
        return console().filter(Console::isTerminal).isPresent();
    }

    @SuppressWarnings("SystemConsoleNull") // JDK 25 went back to the console of java.base, which is null without a terminal
    private static Optional<Console> console() {
        return Optional.ofNullable(System.console());
    }

    /** A text of a file: as UTF-8, whatever the locale, since it may become a file again. */
    void exact(String text) {
        exact = true;
        out().flush();
        System.out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }

    /** Says something to a person, and nothing to programs; on standard error where standard output is a file's text. */
    void note(String text) {
        if (!isJson()) {
            PrintWriter to = exact ? err() : out();
            to.println(text);
            to.flush();
        }
    }

    /** Says something to a person on standard error, whatever standard output is for. */
    void aside(String text) {
        err().println(text);
        err().flush();
    }

    /** Prints one JSON object as a line. */
    void line(Object object) {
        out().println(Json.line(object));
        out().flush();
    }

    /** Asks a yes-or-no question on the terminal; everything but yes is no. */
    static boolean confirms(String question) {
        String answer = console().map(console -> console.readLine("%s [y/N] ", question)).orElse("");
        return List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
    }
}

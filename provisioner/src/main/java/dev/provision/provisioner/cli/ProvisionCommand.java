package dev.provision.provisioner.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command itself, without a subcommand: shows what there is. */
@Command(name = "provision", mixinStandardHelpOptions = true, versionProvider = VersionCommand.class, description = "Converges this host to the machines that a manifest describes.", synopsisSubcommandLabel = "COMMAND", commandListHeading = "%nCommands:%n", footerHeading = "%nExamples:%n", footer = {
    "  provision plan               what would change, and how much it disturbs",
    "  provision apply              make it so; asks first", "  provision status             what is there",
    "  provision exec web-0 -- sh   run a command in a machine", "",
    "More about one command: provision COMMAND --help"}, subcommands = {
        ValidateCommand.class, FmtCommand.class, ExplainCommand.class, SchemaCommand.class, PlanCommand.class,
        ShowCommand.class,
        ApplyCommand.class, CapacityCommand.class, StatusCommand.class, LogsCommand.class, EventsCommand.class,
        SystemdUnitCommand.class,
        ExecCommand.class, ConsoleCommand.class, StartCommand.class, StopCommand.class, RestartCommand.class,
        DestroyCommand.class, ImageCommand.class, ImportCommand.class, DoctorCommand.class, VersionCommand.class})
final class ProvisionCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}

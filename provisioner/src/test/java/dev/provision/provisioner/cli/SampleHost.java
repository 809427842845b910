package dev.provision.provisioner.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Attachment;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.host.HugePagePools;
import dev.provision.planner.host.ListeningPort;
import dev.provision.planner.host.ListeningPort.Holder;
import dev.provision.planner.observed.Booted;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.LifecyclePlanner;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Planner;
import dev.provision.planner.schedule.Estimates;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward.Protocol;
import dev.provision.schema.fleet.Resources;
import dev.provision.schema.units.ByteSize;

/** The host that the pages of {@code PRV-03xx} speak of: always the same, and with what each of them says is on it. */
final class SampleHost {

    private static final HostCapacity CAPACITY = new HostCapacity(8, ByteSize.ofGib(16), ByteSize.ofGib(12),
            ByteSize.ofGib(100), 288, ByteSize.ofGib(1024)).withAddresses(Set.of("127.0.0.1", "10.0.0.7"))
            .withHugePages(new HugePagePools(Optional.of(ByteSize.ofMib(2)),
                    List.of(new HugePagePools.Pool(ByteSize.ofMib(2), 400, 300))));
    private static final AcceleratorChoice ACCELERATOR = new AcceleratorChoice(Accelerator.KVM, "it works");
    private static final DriverDeclaration DRIVER = new DriverDeclaration(
            new DriverCapabilities("microvm", Accelerator.KVM, Set.of(LiveChange.values()), Set.of(),
                    "no control group can be made here", Set.of(Attachment.HUGE_PAGES), 16),
            List.of());
    private static final Planner.Host HOST = new Planner.Host(CAPACITY, ACCELERATOR, Set.of("builtin"),
            Set.of("builtin"), Estimates.ASSUMED, DRIVER, Map.of("builtin", "digest"));

    private static final Planner.Host WITH_NGINX = new Planner.Host(
            CAPACITY.with(List.of(new ListeningPort(Protocol.TCP, "0.0.0.0", 8080,
                    Optional.of(new Holder(713, "nginx", Optional.empty()))))),
            ACCELERATOR, HOST.images(), HOST.buildable(), HOST.estimates(), DRIVER, HOST.imageDigests());

    private SampleHost() {}

    /** What {@code validate --host} finds. */
    static List<Diagnostic> validate(Fleet fleet, Code page) {
        return Planner.converge(fleet, observed(fleet, page), page == Code.HOST_PORT_TAKEN ? WITH_NGINX : HOST)
                .problems();
    }

    /** What {@code plan} finds where nothing is there yet. */
    static List<Diagnostic> plan(Fleet fleet, ScopeOptions scope) {
        Plan plan = Planner.converge(fleet, new ObservedFleet(fleet.name(), new TreeMap<>(), new TreeMap<>()), HOST,
                scope.scope());
        return scope.explicit().map(permission -> permission.check(plan)).orElse(plan).problems();
    }

    /** What {@code start db} finds when the machine's record is broken. */
    static List<Diagnostic> start() {
        ObservedFleet observed = fleet("shop", new MachineState.Broken("unexpected end of file"), Optional.empty());
        return LifecyclePlanner.plan(LifecyclePlanner.Action.START, Set.of("db"), observed, HOST).problems();
    }

    private static ObservedFleet observed(Fleet fleet, Code page) {
        return switch (page) {
            case DISK_CANNOT_SHRINK -> new ObservedFleet(fleet.name(), new TreeMap<>(),
                    new TreeMap<>(Map.of("db", new TreeMap<>(Map.of(DiskKey.STORAGE, ByteSize.ofGib(20))))));
            case STORAGE_MISSING -> fleet(fleet.name(), new MachineState.Stopped(),
                    Optional.of(fleet.machines().firstEntry().getValue().spec()));
            case MACHINE_PROTECTED -> {
                MachineSpec spec = fleet.machines().firstEntry().getValue().spec();
                Resources resources = spec.resources();
                yield fleet(fleet.name(), new MachineState.Stopped(), Optional.of(spec.with(resources.withDisks(
                        Optional.of(ByteSize.ofGib(4)), resources.storage(), resources.disks()))));
            }
            default -> new ObservedFleet(fleet.name(), new TreeMap<>(), new TreeMap<>());
        };
    }

    private static ObservedFleet fleet(String name, MachineState state, Optional<MachineSpec> applied) {
        Optional<Booted> booted = applied
                .map(spec -> new Booted(Accelerator.KVM, "microvm", 1, spec.resources().memory().max(), "digest"));
        return new ObservedFleet(name,
                new TreeMap<>(Map.of("db", new ObservedMachine("db", state, applied, booted))),
                new TreeMap<>());
    }
}

package dev.provision.provisioner.convergence;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.ExecResult;
import dev.provision.hypervisor.MachineId;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.Probe;
import dev.provision.schema.units.ByteSize;

/** Records what is asked of it, {@code start db}, and answers as a test scripted it. */
final class RecordingDriver implements Driver {

    /** What an operation on a machine does beyond being recorded. */
    interface Behaviour {
        void run() throws DriverException, InterruptedException;
    }

    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    private final Map<String, Integer> exitCodes = new ConcurrentHashMap<>();
    private final Map<String, String> printed = new ConcurrentHashMap<>();
    private final Map<String, ObservedMachine> found = new ConcurrentHashMap<>();
    private final List<String> calls = new ArrayList<>();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /** @param call {@code start db} */
    RecordingDriver on(String call, Behaviour behaviour) {
        behaviours.put(call, behaviour);
        return this;
    }

    RecordingDriver exits(String job, int exitCode) {
        exitCodes.put(job, exitCode);
        return this;
    }

    RecordingDriver prints(String job, String line) {
        printed.put(job, line);
        return this;
    }

    @Override
    public List<String> lastOutput(MachineId id) {
        return Optional.ofNullable(printed.get(id.name())).stream().toList();
    }

    @Override
    public DriverDeclaration capabilities() {
        return new DriverDeclaration(DriverCapabilities.none("recorded", Accelerator.TCG), List.of());
    }

    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /** Every thread that ever called. */
    Set<Thread> threads() {
        return Set.copyOf(threads);
    }

    private void perform(String operation, MachineId id) throws DriverException, InterruptedException {
        String call = operation + " " + id.name();
        threads.add(Thread.currentThread());
        synchronized (this) {
            calls.add(call);
        }
        behaviours.getOrDefault(call, () -> {}).run();
    }

    /** From now on every machine is as this plan has found it. */
    RecordingDriver asFoundBy(Plan plan) {
        for (MachineChange change : plan.changes()) {
            MachineState state = change.running()
                    ? new MachineState.Running(1, true, Optional.empty(), Optional.empty())
                    : new MachineState.Stopped();
            if (change.running() || change.applied().isPresent()) {
                found.put(change.machine(), new ObservedMachine(change.machine(), state, change.applied(),
                        Optional.empty()));
            }
        }
        return this;
    }

    /** From now on the machine is as somebody else has made it. */
    void found(ObservedMachine machine) {
        found.put(machine.name(), machine);
    }

    @Override
    public Optional<ObservedMachine> observe(MachineId id) {
        return Optional.ofNullable(found.get(id.name()));
    }

    @Override
    public ObservedFleet observe(String fleet) {
        return new ObservedFleet(fleet, new TreeMap<>(), new TreeMap<>());
    }

    @Override
    public void create(MachineId id, MachineSpec spec) throws DriverException, InterruptedException {
        perform("create", id);
    }

    @Override
    public void start(MachineId id, MachineSpec spec) throws DriverException, InterruptedException {
        perform("start", id);
    }

    @Override
    public void awaitReady(MachineId id, MachineSpec spec, Runnable whenBooted)
            throws DriverException, InterruptedException {
        perform("ready", id);
        whenBooted.run();
        if (!(spec.ready().probe() instanceof Probe.Agent)) {
            perform("probe", id);
        }
    }

    @Override
    public int awaitCompletion(MachineId id) throws DriverException, InterruptedException {
        perform("completion", id);
        return exitCodes.getOrDefault(id.name(), 0);
    }

    @Override
    public void stop(MachineId id, Duration grace) throws DriverException, InterruptedException {
        perform("stop", id);
    }

    @Override
    public void resizeMemory(MachineId id, ByteSize memory) throws DriverException, InterruptedException {
        perform("memory", id);
    }

    @Override
    public void resizeCpus(MachineId id, int vcpus) throws DriverException, InterruptedException {
        perform("vcpus", id);
    }

    @Override
    public void limit(MachineId id, MachineSpec spec) throws DriverException, InterruptedException {
        perform("limit", id);
    }

    @Override
    public void shareNames(MachineId id, MachineSpec spec) throws DriverException, InterruptedException {
        perform("names", id);
    }

    @Override
    public void resizeShm(MachineId id, ByteSize size) throws DriverException, InterruptedException {
        perform("shm", id);
    }

    @Override
    public void forwardPorts(MachineId id, List<PortForward> remove, List<PortForward> add)
            throws DriverException, InterruptedException {
        perform(add.isEmpty() ? "close" : "ports", id);
    }

    @Override
    public void growDisks(MachineId id, MachineSpec spec) throws DriverException, InterruptedException {
        perform("grow", id);
    }

    @Override
    public void assignDevices(MachineId id, List<DeviceAddress> devices) throws DriverException, InterruptedException {
        perform("assign", id);
    }

    @Override
    public void discardOverlay(MachineId id) throws DriverException, InterruptedException {
        perform("discard", id);
    }

    @Override
    public void saveSpec(MachineId id, MachineSpec spec) throws DriverException, InterruptedException {
        perform("save", id);
    }

    @Override
    public void remove(MachineId id, boolean withStorage) throws DriverException, InterruptedException {
        perform("remove", id);
    }

    @Override
    public ExecResult exec(MachineId id, List<String> command, byte[] stdin) {
        throw new UnsupportedOperationException("no run of a plan executes commands");
    }
}

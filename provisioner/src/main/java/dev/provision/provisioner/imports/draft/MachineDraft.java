package dev.provision.provisioner.imports.draft;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.provision.provisioner.imports.draft.Value.Block;
import dev.provision.provisioner.imports.draft.Value.Items;
import dev.provision.provisioner.imports.draft.Value.Text;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.provisioner.imports.source.Template;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.RestartPolicy;

/** One entry under {@code machines} while it is put together. */
public final class MachineDraft {

    private static final List<String> RESOURCES = List.of("cpus", "cpuset", "shares", "memory", "swap", "overlay",
            "storage", "disks", "shm", "gpu");

    private final String name;
    private final Span span;
    private final Remarks remarks;
    private final Map<String, Value> resources = new HashMap<>();
    private final Map<String, Value> disks = new LinkedHashMap<>();
    private final Set<PortForward> ports = new LinkedHashSet<>();
    private final List<Template> portTemplates = new ArrayList<>();
    private final List<String> networks = new ArrayList<>();
    private final Set<String> mounts = new HashSet<>(Set.of("/dev/shm"));
    private final List<Template> volumes = new ArrayList<>();
    private final Map<String, Template> env = new LinkedHashMap<>();
    private final Map<String, Template> labels = new LinkedHashMap<>();
    private final Map<String, Condition> dependsOn = new LinkedHashMap<>();
    private List<Template> command = List.of();
    private Optional<Value> count = Optional.empty();
    private Optional<RestartPolicy> restart = Optional.empty();
    private Optional<Block> ready = Optional.empty();
    private boolean offline;

    /**
     * Begins an entry.
     *
     * @param name
     *            an RFC 1123 label
     * @param span
     *            where the imported file names it
     */
    public MachineDraft(String name, Span span, Remarks remarks) {
        this.name = name;
        this.span = span;
        this.remarks = remarks;
    }

    public String name() {
        return name;
    }

    public Span span() {
        return span;
    }

    public Remarks remarks() {
        return remarks;
    }

    public void count(Value machines) {
        count = Optional.of(machines);
    }

    public Optional<Value> count() {
        return count;
    }

    /** Sets a key of {@code resources}: one of cpus, cpuset, shares, memory, swap, overlay, storage, shm, gpu. */
    public void resource(String key, Value value) {
        resources.put(key, value);
    }

    public boolean hasResource(String key) {
        return resources.containsKey(key);
    }

    /** Takes a path of the guest for a mount; false when something else is mounted there already. */
    public boolean takeMount(String path) {
        return mounts.add(path);
    }

    public void disk(String disk, Value value) {
        disks.put(disk, value);
    }

    /** Forwards a port; false when it is forwarded already. */
    public boolean port(PortForward port) {
        return ports.add(port);
    }

    /** A port whose number a variable holds. */
    public void port(Template port) {
        portTemplates.add(port);
    }

    public List<PortForward> ports() {
        return List.copyOf(ports);
    }

    public List<Template> portTemplates() {
        return List.copyOf(portTemplates);
    }

    /** Takes a port away again. */
    public void removePort(PortForward port) {
        ports.remove(port);
    }

    /** Takes all ports away again; whether there were any. */
    public boolean removePorts() {
        boolean any = !ports.isEmpty() || !portTemplates.isEmpty();
        ports.clear();
        portTemplates.clear();
        return any;
    }

    public void network(String network) {
        networks.add(network);
    }

    /** The machine has no network at all. */
    public void withoutNetwork() {
        offline = true;
    }

    void volume(Template volume) {
        volumes.add(volume);
    }

    public void env(String variable, Template value) {
        env.put(variable, value);
    }

    public void label(String label, Template value) {
        labels.put(label, value);
    }

    public void command(List<Template> words) {
        command = List.copyOf(words);
    }

    public boolean hasCommand() {
        return !command.isEmpty();
    }

    public void restart(RestartPolicy policy) {
        restart = Optional.of(policy);
    }

    public Optional<RestartPolicy> restart() {
        return restart;
    }

    public void ready(Block probe) {
        ready = Optional.of(probe);
    }

    public boolean hasReady() {
        return ready.isPresent();
    }

    /** Waits for another machine; of two conditions the later stage counts. */
    public void dependsOn(String machine, Condition condition) {
        dependsOn.merge(machine, condition, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }

    /** Whether its entry has this key, such as {@code volumes}. */
    boolean says(String key) {
        return block().entries().containsKey(key);
    }

    /** The entry in the order in which manifests are written. */
    Block block() {
        Block block = new Block();
        count.ifPresent(value -> block.put("count", value));
        block.put("image", new Text("builtin"));
        put(block, "resources", resources());
        List<Value> forwards = new ArrayList<>();
        ports.forEach(port -> forwards.add(new Text(port.toString())));
        portTemplates.forEach(port -> forwards.add(Value.text(port)));
        put(block, "ports", new Items(forwards));
        put(block, "networks", new Items(networks.stream().<Value>map(Text::new).toList()));
        if (offline) {
            block.put("network", Value.word(false));
        }
        put(block, "volumes", Value.texts(volumes));
        put(block, "env", texts(env));
        put(block, "run", run());
        ready.ifPresent(probe -> block.put("ready", probe));
        Block conditions = new Block();
        dependsOn.forEach((machine, condition) -> conditions.put(machine, Value.word(condition)));
        put(block, "dependsOn", conditions);
        put(block, "labels", texts(labels));
        return block;
    }

    private Block resources() {
        Map<String, Value> all = new HashMap<>(resources);
        if (!disks.isEmpty()) {
            Block named = new Block();
            disks.forEach(named::put);
            all.put("disks", named);
        }
        Block block = new Block();
        RESOURCES.forEach(key -> Optional.ofNullable(all.get(key)).ifPresent(value -> block.put(key, value)));
        return block;
    }

    private Block run() {
        Block run = new Block();
        if (hasCommand()) {
            run.put("command", Value.texts(command));
            restart.ifPresent(policy -> run.put("restart", Value.word(policy)));
        }
        return run;
    }

    private static Block texts(Map<String, Template> values) {
        Block block = new Block();
        values.forEach((key, value) -> block.put(key, Value.text(value)));
        return block;
    }

    private static void put(Block block, String key, Value value) {
        boolean says = switch (value) {
            case Items items -> !items.values().isEmpty();
            case Block below -> !below.isEmpty();
            case Value.Word word -> true;
            case Text text -> true;
        };
        if (says) {
            block.put(key, value);
        }
    }
}

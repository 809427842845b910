package dev.provision.provisioner.plans;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.provision.hypervisor.image.deb.Sha256;
import dev.provision.hypervisor.store.SpecJson;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.observed.Booted;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Planner;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

/** What a plan depends on, in words that a person can compare too. */
public final class Fingerprint {

    private Fingerprint() {}

    /** {@code running (pid 42, ready, 2 vCPUs, 512 MiB), applied 1a2b3c4d, storage 2048 MiB}, by machine. */
    public static SortedMap<String, String> of(ObservedFleet observed) {
        SortedSet<String> names = new TreeSet<>(observed.machines().keySet());
        names.addAll(observed.storageKept().keySet());
        SortedMap<String, String> fingerprints = new TreeMap<>();
        for (String name : names) {
            List<String> parts = new ArrayList<>();
            ObservedMachine machine = observed.machines().get(name);
            if (machine != null) {
                parts.add(state(machine.state()));
                machine.applied().ifPresent(spec -> parts.add("applied " + digest(SpecJson.write(spec).toString())));
                machine.booted().ifPresent(booted -> parts.add(booted(booted)));
                machine.deviations().forEach(deviation -> parts.add(deviation.text()));
                if (!machine.devices().isEmpty()) {
                    parts.add("devices " + machine.devices());
                }
            }
            for (Map.Entry<DiskKey, ByteSize> disk : observed.keptOf(name).entrySet()) {
                parts.add(disk.getKey() + " " + disk.getValue().bytes() + " bytes");
            }
            fingerprints.put(name, String.join(", ", parts));
        }
        return fingerprints;
    }

    private static String state(MachineState state) {
        return switch (state) {
            case MachineState.Running running -> "running (pid " + running.pid() + ", "
                    + (running.ready() ? "ready" : "not ready")
                    + running.vcpus().map(vcpus -> ", " + Share.vcpus(vcpus)).orElse("")
                    + running.memory().map(memory -> ", " + memory.mib() + " MiB").orElse("") + ")";
            case MachineState.Paused paused -> "paused (pid " + paused.pid() + ")";
            case MachineState.Unresponsive mute -> "running (pid " + mute.pid() + ", does not answer)";
            case MachineState.Completed done -> "completed with exit code " + done.exitCode();
            case MachineState.Stopped stopped -> "stopped";
            case MachineState.Dead dead -> "dead";
            case MachineState.Created created -> "created";
            case MachineState.Broken broken -> "without a readable record";
            case MachineState.Orphan orphan -> "running (pid " + orphan.pid() + ", without a record)";
        };
    }

    private static String booted(Booted booted) {
        return "booted " + booted.machineType() + " " + booted.accelerator().qemuName() + " "
                + Share.vcpus(booted.vcpusMax()) + " " + booted.memoryMax().mib() + " MiB "
                + abbreviated(booted.imageDigest());
    }

    /** What of the host does not change by itself: of images those that the plan's machines boot from. */
    public static SortedMap<String, String> of(Planner.Host host, Plan plan) {
        HostCapacity capacity = host.capacity();
        SortedMap<String, String> facts = new TreeMap<>();
        facts.put("accelerator", host.accelerator().accelerator().qemuName());
        facts.put("CPUs", Integer.toString(capacity.cpus()));
        facts.put("memory", capacity.memoryTotal().mib() + " MiB");
        facts.put("most vCPUs of a machine", Integer.toString(capacity.maxVcpus()));
        facts.put("most memory of a machine", capacity.maxMemory().mib() + " MiB");
        plan.changes().stream().flatMap(change -> change.wanted().stream()).map(MachineSpec::image).forEach(image -> {
            String digest = host.imageDigests().get(image);
            if (digest != null) {
                facts.put("image " + image, abbreviated(digest));
            }
        });
        return facts;
    }

    /** The first 12 digits of a text's SHA-256. */
    static String digest(String text) {
        return abbreviated(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String abbreviated(String digest) {
        return digest.substring(0, Math.min(12, digest.length()));
    }
}

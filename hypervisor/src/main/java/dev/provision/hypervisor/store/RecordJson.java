package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.Need;
import dev.provision.planner.observed.Booted;
import dev.provision.schema.fleet.CanonicalForm;

/** {@code machine.json}: reads and writes format {@link MachineRecord#FORMAT}. */
final class RecordJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** ASCII, which every locale can make a path of. */
    private static final Pattern GROUP = Pattern.compile("/[\\x21-\\x7e]*/provision/[\\w.-]+");

    private RecordJson() {}

    static byte[] write(MachineRecord record) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("format", MachineRecord.FORMAT);
        json.put("fleet", record.id().fleet());
        json.put("name", record.id().name());
        json.put("uuid", record.id().uuid().toString());
        json.put("desired", record.desired().word());
        if (record.canonicalForm() != CanonicalForm.FIRST) {
            json.put("canonicalForm", record.canonicalForm());
        }
        record.createdAt().ifPresent(then -> json.put("createdAt", then.toString()));
        json.set("spec", SpecJson.write(record.spec()));
        if (!record.devices().isEmpty()) {
            ArrayNode devices = json.putArray("devices");
            record.devices().forEach(device -> devices.add(device.text()));
        }
        record.vmm().ifPresent(vmm -> json.set("vmm", writeVmm(vmm)));
        try {
            byte[] text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
            byte[] line = Arrays.copyOf(text, text.length + 1);
            line[text.length] = '\n';
            return line;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers can always be written", e);
        }
    }

    private static ObjectNode writeVmm(VmmRecord vmm) {
        ObjectNode json = MAPPER.createObjectNode();
        vmm.process().ifPresent(process -> json.put("pid", process.pid()).put("startTime", process.startTime()));
        json.put("accelerator", vmm.booted().accelerator().qemuName());
        json.put("machineType", vmm.booted().machineType());
        json.put("vcpusMax", vmm.booted().vcpusMax());
        json.put("memoryMax", vmm.booted().memoryMax().canonical());
        vmm.booted().met().ifPresent(met -> {
            ArrayNode words = json.putArray("bootedFor");
            met.stream().sorted().forEach(need -> words.add(word(need)));
        });
        json.put("image", vmm.imageName());
        json.put("imageDigest", vmm.booted().imageDigest());
        json.put("startedAt", vmm.startedAt().toString());
        if (!vmm.groups().isEmpty()) {
            ArrayNode groups = json.putArray("groups");
            vmm.groups().forEach(group -> groups.add(group.toString()));
        }
        if (vmm.seenReady()) {
            json.put("seenReady", true);
        }
        vmm.exceeded().ifPresent(deadline -> json.put("exceededSeconds", Math.toIntExact(deadline.toSeconds())));
        return json;
    }

    /**
     * Reads the record of {@code id}.
     *
     * @throws RecordException
     *             when the content is not one, or is another machine's
     */
    static MachineRecord read(MachineId id, Path file, byte[] content) throws RecordException {
        try {
            JsonNode tree = MAPPER.readTree(content);
            requireKnownFormat(file, tree);
            return readRecord(id, new JsonFields("", tree));
        } catch (RecordException e) {
            throw e;
        } catch (JsonProcessingException e) {
            throw new RecordException(file, RecordException.Problem.MALFORMED, "not JSON: " + e.getOriginalMessage(),
                    e);
        } catch (MalformedJsonException e) {
            throw new RecordException(file, RecordException.Problem.MALFORMED, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new RecordException(file, RecordException.Problem.UNREADABLE, e.toString(), e);
        }
    }

    /** Before anything else: of a format that is not ours no field means what we think. */
    private static void requireKnownFormat(Path file, JsonNode tree) throws RecordException {
        JsonNode format = tree.path("format");
        if (!format.isInt()) {
            throw new RecordException(file, RecordException.Problem.MALFORMED, "it has no `format` number");
        }
        if (format.intValue() != MachineRecord.FORMAT) {
            throw new RecordException(file, RecordException.Problem.UNKNOWN_FORMAT, "record format " + format.intValue()
                    + "; this version of provision reads format " + MachineRecord.FORMAT);
        }
    }

    private static MachineRecord readRecord(MachineId id, JsonFields json) throws MalformedJsonException {
        json.number("format");
        MachineId written = new MachineId(json.text("fleet"), json.text("name"));
        if (!written.equals(id) || !json.text("uuid").equals(id.uuid().toString())) {
            throw new MalformedJsonException("it is the record of " + written + ", not of " + id);
        }
        Desired desired = desired(json);
        var spec = SpecJson.read(id.name(), json.object("spec"));
        Optional<JsonFields> vmm = json.optionalObject("vmm");
        int canonicalForm = json.numberOr("canonicalForm", CanonicalForm.FIRST);
        List<DeviceAddress> devices = devices(json);
        Optional<Instant> createdAt = json.optionalText("createdAt").isPresent()
                ? Optional.of(instant(json, "createdAt"))
                : Optional.empty();
        json.requireNoOthers();
        if (canonicalForm < CanonicalForm.FIRST) {
            throw json.wrong("canonicalForm", "a version of the defaults");
        }
        return new MachineRecord(id, spec, desired, vmm.isPresent() ? Optional.of(readVmm(vmm.get()))
                : Optional.empty(), canonicalForm, devices, createdAt);
    }

    /** They become paths below /sys that root writes to: nothing but an address may get there. */
    private static List<DeviceAddress> devices(JsonFields json) throws MalformedJsonException {
        List<DeviceAddress> devices = new ArrayList<>();
        for (String device : json.textsOrNone("devices")) {
            if (!DeviceAddress.isAddress(device)) {
                throw json.wrong("devices", "addresses of devices");
            }
            devices.add(new DeviceAddress(device));
        }
        return devices;
    }

    private static Desired desired(JsonFields json) throws MalformedJsonException {
        String word = json.text("desired");
        for (Desired desired : Desired.values()) {
            if (desired.word().equals(word)) {
                return desired;
            }
        }
        throw json.wrong("desired", "`running` or `stopped`");
    }

    private static VmmRecord readVmm(JsonFields json) throws MalformedJsonException {
        Optional<String> startTime = json.optionalText("startTime");
        Optional<ProcessIdentity> process = startTime.isPresent()
                ? Optional.of(identity(json.number("pid"), startTime.get()))
                : Optional.empty();
        Booted booted = new Booted(accelerator(json), json.text("machineType"), vcpus(json),
                ResourcesJson.size(json, "memoryMax"), json.text("imageDigest"), met(json));
        VmmRecord vmm = new VmmRecord(process, booted, json.text("image"), instant(json, "startedAt"), groups(json),
                json.flagOr("seenReady", false), exceeded(json));
        json.requireNoOthers();
        return vmm;
    }

    private static Optional<Duration> exceeded(JsonFields json) throws MalformedJsonException {
        int seconds = json.numberOr("exceededSeconds", 0);
        return seconds > 0 ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty();
    }

    private static String word(Need need) {
        return need.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Absent in records that were written before machines were booted on more than one type. */
    private static Optional<Set<Need>> met(JsonFields json) throws MalformedJsonException {
        Optional<List<String>> words = json.optionalTexts("bootedFor");
        if (words.isEmpty()) {
            return Optional.empty();
        }
        Set<Need> met = EnumSet.noneOf(Need.class);
        for (String word : words.get()) {
            met.add(Arrays.stream(Need.values())
                    .filter(need -> word(need).equals(word))
                    .findFirst()
                    .orElseThrow(() -> json.wrong("bootedFor", "needs of a machine")));
        }
        return Optional.of(met);
    }

    private static List<Path> groups(JsonFields json) throws MalformedJsonException {
        List<Path> groups = new ArrayList<>();
        for (String group : json.textsOrNone("groups")) {
            if (!GROUP.matcher(group).matches() || group.contains("/../")) {
                throw json.wrong("groups", "paths of control groups");
            }
            groups.add(Path.of(group));
        }
        return groups;
    }

    private static ProcessIdentity identity(long pid, String startTime) throws MalformedJsonException {
        if (pid <= 0) {
            throw new MalformedJsonException("`vmm.pid` is not above 0");
        }
        return new ProcessIdentity(pid, startTime);
    }

    private static int vcpus(JsonFields json) throws MalformedJsonException {
        long vcpus = json.number("vcpusMax");
        if (vcpus < 1 || vcpus > Integer.MAX_VALUE) {
            throw json.wrong("vcpusMax", "a number of vCPUs");
        }
        return (int) vcpus;
    }

    private static Accelerator accelerator(JsonFields json) throws MalformedJsonException {
        try {
            return Accelerator.valueOf(json.text("accelerator").toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw json.wrong("accelerator", "an accelerator");
        }
    }

    private static Instant instant(JsonFields json, String name) throws MalformedJsonException {
        try {
            return Instant.parse(json.text(name));
        } catch (DateTimeParseException e) {
            throw json.wrong(name, "an ISO 8601 instant");
        }
    }
}

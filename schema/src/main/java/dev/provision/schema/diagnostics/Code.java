package dev.provision.schema.diagnostics;

/** Every kind of problem there is. A code's number never changes and is never given to another kind. */
public enum Code {
    FILE_UNREADABLE("PRV-0001", "the file cannot be read"),
    YAML_SYNTAX("PRV-0002", "the text is not YAML"),
    YAML_BOUNDS("PRV-0003", "the YAML is larger than a manifest may be"),
    DUPLICATE_KEY("PRV-0004", "a key stands twice in one mapping"),
    INCLUDE_CYCLE("PRV-0005", "files include each other in a circle"),
    INCLUDE_CONFLICT("PRV-0006", "two files that are read together contradict each other"),
    UNKNOWN_VARIABLE("PRV-0007", "a variable has no value or is not declared"),
    MALFORMED_REFERENCE("PRV-0008", "a reference to a variable is not complete, or stands where none is replaced"),
    UNKNOWN_KEY("PRV-0101", "the manifest language has no such key here"),
    WRONG_TYPE("PRV-0102", "the value has another form than this key takes"),
    INVALID_VALUE("PRV-0103", "the value cannot be read"),
    MISSING_KEY("PRV-0104", "a key that must be there is missing"),
    OUT_OF_RANGE("PRV-0105", "the value is outside the range this key takes"),
    CONFLICTING_KEYS("PRV-0106", "two keys contradict each other"),
    UNSUPPORTED_VERSION("PRV-0107", "the manifest has a version this program does not know"),
    DECIMAL_UNIT("PRV-0108", "a decimal unit that may be meant as the binary one"),
    FORMATTING_REFUSED("PRV-0109", "formatting a file would change what it says"),
    UNKNOWN_PROFILE("PRV-0201", "a profile is used that the manifest does not define"),
    UNKNOWN_MACHINE("PRV-0202", "a machine is named that the manifest does not define"),
    DEPENDENCY_CYCLE("PRV-0203", "machines wait for each other in a circle"),
    DUPLICATE_MACHINE("PRV-0204", "two machines would have the same name"),
    PORT_CONFLICT("PRV-0205", "a host port is forwarded twice"),
    UNREACHABLE_CONDITION("PRV-0206", "a dependency can never reach the state it is waited for in"),
    UNKNOWN_NETWORK("PRV-0207", "a network is named that the manifest does not define"),
    PROFILE_CYCLE("PRV-0208", "profiles build on each other in a circle"),
    UNKNOWN_DEVICE("PRV-0209", "a device is named that the device catalogue does not have"),
    MOUNT_CONFLICT("PRV-0210", "two things would be mounted at one place of a guest"),
    MACHINE_EXCEEDS_HOST("PRV-0301", "a machine is larger than this host can run"),
    FLEET_EXCEEDS_POOL("PRV-0302", "the fleet needs more than the resource pool holds"),
    MACHINE_EXCEEDS_POLICY("PRV-0303", "a machine is larger than the manifest's own limits allow"),
    DISK_CANNOT_SHRINK("PRV-0304", "persistent storage cannot be made smaller"),
    UNKNOWN_IMAGE("PRV-0305", "the image is not on this host"),
    STORE_UNUSABLE("PRV-0306", "a machine's record is damaged"),
    DISK_EXCEEDS_HOST("PRV-0307", "the disks can grow beyond the host's free space"),
    LIMIT_NOT_ENFORCED("PRV-0308", "a limit is accepted but cannot bind on this host"),
    STORAGE_MISSING("PRV-0309", "a machine's persistent disk is gone"),
    MACHINE_PROTECTED("PRV-0310", "a plan would destroy or recreate a protected machine"),
    NOT_SUPPORTED("PRV-0311", "a machine asks for what cannot be given to it on this host yet"),
    HOST_PORT_TAKEN("PRV-0312", "a host port is held by somebody already"),
    HOST_MEMORY_SHORT("PRV-0313", "a fixed pool promises more memory than the host can give"),
    GPUS_EXCEED_HOST("PRV-0314", "the fleet asks for more GPUs than the host has"),
    HOST_ADDRESS_MISSING("PRV-0315", "a host port is bound to an address that this host does not have"),
    HUGE_PAGES_SHORT("PRV-0316", "machines ask for huge pages that the host cannot give"),
    DEVICE_UNAVAILABLE("PRV-0319", "a machine asks for a device of the host that cannot be given to it"),
    CHANGE_NOT_ALLOWED("PRV-0320", "a plan needs a class of change that is not allowed here"),
    NO_SUCH_TARGET("PRV-0321", "a selector on the command line matches no machine"),
    PLAN_STALE("PRV-0322", "a saved plan does not fit what is there any more"),
    NOT_CARRIED_OVER("PRV-0401", "an imported file says something that the manifest written from it does not"),
    CARRIED_OVER_DIFFERENTLY("PRV-0402", "an imported file says something that a manifest says in another way"),
    TOML_SYNTAX("PRV-0403", "the text is not TOML");

    private final String id;
    private final String title;

    Code(String id, String title) {
        this.id = id;
        this.title = title;
    }

    /** {@code PRV-0101}. */
    public String id() {
        return id;
    }

    /** The page that explains it, relative to the project and to an installation: {@code docs/diagnostics/PRV-0101.md}. */
    public String page() {
        return "docs/diagnostics/" + id + ".md";
    }

    /** What this kind of problem is, as a clause. */
    public String title() {
        return title;
    }
}

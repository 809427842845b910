# Settings from the host, by fw_cfg (sourced).

SETTINGS=/sys/firmware/qemu_fw_cfg/by_name/opt/provision

# load_settings NAME: sets the variables of opt/provision/NAME. False when the host gave none.
load_settings() {
    [ -r "$SETTINGS/$1/raw" ] && . "$SETTINGS/$1/raw"
}

# copy_settings NAME FILE: keeps them, for shells and commands to read later; an empty file when the host gave none.
copy_settings() {
    cat "$SETTINGS/$1/raw" >"$2.new" 2>/dev/null
    mv "$2.new" "$2"
}

# The driver remembers the size of each file from when it was loaded. A machine restored from a snapshot has other
# files, so the driver has to look again.
reread_settings() {
    rmmod qemu_fw_cfg 2>/dev/null
    modprobe qemu_fw_cfg
}

# Modules, ports and CPUs (sourced).

# Loads what the boot needs, in the order the image's builder found to be right.
load_modules() {
    while read -r module; do
        insmod "$module" 2>/dev/null || say "cannot load $module"
    done </usr/lib/provision/boot.modules
    # Only machine types with PCI (q35, virt) need these.
    [ -e /sys/bus/pci/devices ] && [ -n "$(ls /sys/bus/pci/devices)" ] && modprobe -a -q virtio_pci virtio_mem
}

# Ports by their names, as udev would do it. The host names them one by one after the driver was loaded: on PCI, where that
# comes last, a busy host can take its time.
link_ports() {
    mkdir -p /dev/virtio-ports
    tries=0
    until [ -e /dev/virtio-ports/dev.provision.report ] && [ -e /dev/virtio-ports/dev.provision.log ] &&
        [ -e /dev/virtio-ports/org.qemu.guest_agent.0 ] || [ "$tries" -ge 200 ]; do
        [ "$tries" -eq 0 ] || sleep 0.05
        tries=$((tries + 1))
        for port in /sys/class/virtio-ports/*; do
            [ -s "$port/name" ] && ln -sf "../${port##*/}" "/dev/virtio-ports/$(cat "$port/name")"
        done
    done
}

# online_cpus COUNT: the kernel starts with one (maxcpus=1).
online_cpus() {
    cpu=1
    while [ "$cpu" -lt "$1" ]; do
        online=/sys/devices/system/cpu/cpu$cpu/online
        [ "$(cat "$online" 2>/dev/null)" = 1 ] || echo 1 2>/dev/null >"$online" ||
            failed cpus "vCPU $cpu cannot be brought online"
        cpu=$((cpu + 1))
    done
}

# Telling the host what happens (sourced).

REPORT_PORT=/dev/virtio-ports/dev.provision.report

# say MESSAGE: to the console, for people.
say() {
    echo "provision: $*" >/dev/console 2>/dev/null
}

# report LINE: one event for the host. A port can be open only once at a time, so each line opens it anew and waits
# while another process writes its own.
report() {
    [ -e "$REPORT_PORT" ] || return 0
    for pause_ms in 5 10 20 40 80 160 320 640; do
        { echo "$1" >"$REPORT_PORT"; } 2>/dev/null && return 0
        usleep "${pause_ms}000"
    done
    say "cannot report: $1"
}

# failed PHASE MESSAGE: what the host asked for cannot be done. Always false, so that it can end a list of commands.
failed() {
    say "$1: $2"
    report "failed phase=$1 message=$2"
    return 1
}

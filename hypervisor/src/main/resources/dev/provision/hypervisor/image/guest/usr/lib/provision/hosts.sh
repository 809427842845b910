# Names of machines in /etc/hosts (sourced). The lines of the fleet's networks stand between marks: what others write
# into the file stays.

FLEET_BEGIN="# begin: machines of the fleet, kept by provision"
FLEET_END="# end: machines of the fleet"

# fleet_hosts LINES: the marked lines, nothing when there are none.
fleet_hosts() {
    [ -z "$1" ] || printf '%s\n%s\n%s\n' "$FLEET_BEGIN" "$1" "$FLEET_END"
}

# Names of machines in /etc/hosts (sourced). The lines of the fleet's networks stand between marks: what others write
# into the file stays.

FLEET_BEGIN="# begin: machines of the fleet, kept by provision"
FLEET_END="# end: machines of the fleet"

# fleet_hosts LINES: the marked lines, nothing when there are none.
fleet_hosts() {
    [ -z "$1" ] || printf '%s\n%s\n%s\n' "$FLEET_BEGIN" "$1" "$FLEET_END"
}

# other_hosts FILE: all but the marked lines. Without its end a block has no known one: then only the mark goes, not what
# others have written behind it.
other_hosts() {
    if sed -n "/^$FLEET_BEGIN\$/,\$p" "$1" | grep -qxF "$FLEET_END"; then
        sed "/^$FLEET_BEGIN\$/,/^$FLEET_END\$/d" "$1"
    else
        sed "/^$FLEET_BEGIN\$/d" "$1"
    fi
}

# replace_fleet_hosts FILE LINES: false, and the file as it was, when there is no room for the new one.
replace_fleet_hosts() {
    others=$(other_hosts "$1") || return 1
    { [ -z "$others" ] || printf '%s\n' "$others"; } >"$1.new" && fleet_hosts "$2" >>"$1.new" && mv "$1.new" "$1" && return 0
    rm -f "$1.new"
    return 1
}

# shellcheck shell=sh
# shellcheck disable=SC2154 # checkout, home and java_home are set by the scripts that source this
#
# Builds the program of a checkout when its sources differ from those it was built from. Sourced by provision and verify.

program_stamp=$checkout/provisioner/target/program.built-from
guest_stamp=$checkout/provisioner/target/guest.built-from

# A digest of the content, not of times: it sees a deleted file, and a branch that is checked out again costs nothing.
digest_of_sources() {
    (cd "$checkout" && find pom.xml docs/diagnostics ./*/pom.xml ./*/src/main -type f ! -name '.*' -exec cksum {} + |
        LC_ALL=C sort | cksum)
}

# Sets sources (their digest) and program: current, stale or absent.
# PROVISION_BUILD=never runs what is there: a build that runs its own tests must not be waited for, or started, by them.
read_build_state() {
    sources=$(digest_of_sources)
    if [ ! -f "$home/lib/provision.jar" ]; then
        program=absent
    elif [ "${PROVISION_BUILD-}" = never ] || [ "$(stamp_in "$program_stamp")" = "$sources" ]; then
        program=current
    else
        program=stale
    fi
}

stamp_in() {
    [ ! -f "$1" ] || cat "$1"
}

build_program() {
    [ "$program" != current ] || return 0
    [ -w "$checkout/provisioner" ] || fail 1 "the program must be built, but $checkout is not writable"
    lock_build
    read_build_state # another start may have built it in the meantime
    case $program in
    absent) say "building provision (once)" && run_maven ;;
    stale) say "building provision: its sources have changed" && run_maven ;;
    esac
    unlock_build
}

run_maven() {
    log=$checkout/provisioner/target/build.log
    mkdir -p "${log%/*}"
    if ! maven -q -Dmaven.test.skip=true -Dspotless.check.skip=true -Dprovision.programOnly=true \
        -pl provisioner -am package >"$log" 2>&1; then
        cat "$log" >&2
        fail 1 "the build failed; Maven's own words stand above and in $log"
    fi
    record_program
}

# Maven gets the JDK that was found; the flags silence what Maven's own libraries make JDK 25 warn of.
maven() {
    (cd "$checkout" && JAVA_HOME=$java_home \
        MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS-}" \
        mvn -B "$@" </dev/null)
}

record_program() {
    echo "$sources" >"$program_stamp"
}

# guest_is_checked IMAGE_JSON
guest_is_checked() {
    [ -e "$1" ] && { [ "${PROVISION_BUILD-}" = never ] || [ "$(stamp_in "$guest_stamp")" = "$sources" ]; }
}

record_guest() {
    echo "$sources" >"$guest_stamp"
}

# One build at a time. The lock is on a file that is always there, so that nothing is left behind and a reader may wait.
# macOS has no flock: there it is up to the user not to build twice at the same moment.
lock_build() {
    exec 9<"$checkout/pom.xml"
    command -v flock >/dev/null || return 0
    flock -n 9 || {
        say "waiting for another build"
        flock 9
    }
}

unlock_build() {
    exec 9<&-
}

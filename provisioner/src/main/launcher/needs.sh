# shellcheck shell=sh
# What this host must have for a command to run. Sourced by provision and verify.
#
#   satisfy FUNCTION ARGUMENT...   FUNCTION states needs with the functions below; what is missing is installed
#   need_java TOOL                 a Java 25 with bin/TOOL; sets java_home
#   need THING COMMAND WHY         COMMAND on the PATH
#   need_vmm                       what it takes to boot a virtual machine

# Exit code, as README.md lists them.
host_lacks_something=5

say() {
    printf 'provision: %s\n' "$*" >&2
}

# fail EXIT_CODE MESSAGE
fail() {
    say "$2"
    exit "$1"
}

satisfy() {
    missing=
    "$@"
    [ -n "$missing" ] || return 0
    # shellcheck source=provisioner/src/main/launcher/packages.sh disable=SC2154 # parts is set by who sources this
    . "$parts/packages.sh"
    install_missing
    missing=
    "$@"
    [ -z "$missing" ] || fail "$host_lacks_something" "after the installation there still is no $(titles_of_missing)"
}

need() {
    command -v "$2" >/dev/null || add_missing "$1" "$3"
}

# missing is a list of lines: THING WHY
add_missing() {
    missing="$missing$1 $2
"
}

need_vmm() {
    case $(uname -m) in
    arm64 | aarch64) need qemu qemu-system-aarch64 "to run virtual machines" ;;
    *) need qemu qemu-system-x86_64 "to run virtual machines" ;;
    esac
    # macOS has no setsid; the program does without it there.
    [ "$(uname -s)" != Linux ] || need setsid setsid "so that virtual machines outlive the command"
    need perl perl "to keep the logs of virtual machines and tell how they ended"
}

need_java() {
    java_tool=$1
    find_java || add_missing jdk "to run provision"
}

# What the user names goes before what happens to be there.
find_java() {
    if [ -n "${PROVISION_JAVA_HOME-}" ]; then
        java_home=$PROVISION_JAVA_HOME
        is_java_25 || fail "$host_lacks_something" "PROVISION_JAVA_HOME=$java_home is not a JDK 25; correct it or unset it"
        return 0
    fi
    java_home=${JAVA_HOME-}
    ! is_java_25 || return 0
    java_home=$(readlink -f "$(command -v java)" 2>/dev/null) || :
    java_home=${java_home%/bin/java}
    ! is_java_25 || return 0
    find_java_in_folders
}

# Where Debian, Fedora, SDKMAN, IDEs, macOS and Homebrew keep JDKs.
jdk_folders=${PROVISION_JDK_FOLDERS-/usr/lib/jvm:/opt:/usr/java:${HOME-}/.sdkman/candidates/java:${HOME-}/.jdks:/Library/Java/JavaVirtualMachines:/opt/homebrew/opt:/usr/local/opt}

find_java_in_folders() {
    rest=$jdk_folders:
    while [ -n "$rest" ]; do
        for java_home in "${rest%%:*}"/*; do
            ! is_java_25 || return 0
            for inner in Contents/Home libexec/openjdk.jdk/Contents/Home; do
                [ -d "$java_home/$inner" ] || continue
                java_home=$java_home/$inner
                ! is_java_25 || return 0
            done
        done
        rest=${rest#*:}
    done
    return 1
}

# Reads the file every JDK has: starting Java to ask for its version takes as long as a plan.
is_java_25() {
    [ -x "$java_home/bin/$java_tool" ] && [ -r "$java_home/release" ] || return 1
    while read -r line; do
        case $line in
        'JAVA_VERSION="25"' | 'JAVA_VERSION="25'[.-]*) return 0 ;;
        esac
    done <"$java_home/release"
    return 1
}

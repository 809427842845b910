# shellcheck shell=sh
# shellcheck disable=SC2154 # missing, jdk_folders and host_lacks_something are those of needs.sh
#
# Installs what needs.sh found missing, or says what an administrator must run. Only apt is run; other package managers
# have their command printed. Sourced when something is missing.

install_missing() {
    say "this host lacks:"
    printf '%s' "$missing" | while read -r thing why; do say "  $(title_of "$thing"), $why"; done
    find_package_manager
    become_root
    name_packages
    [ "${PROVISION_SETUP-}" != never ] || refuse "nothing is installed, as --no-setup demands; to install it, run"
    [ "$manager" = apt ] || refuse "to install it, run"
    [ "$rights" != none ] || refuse "an administrator must run"
    say "installing with apt-get: $packages"
    # shellcheck disable=SC2086 # a list of packages
    apt_install $packages
}

# refuse LEAD_IN: prints the command that would help, and ends.
refuse() {
    say "$1:"
    printf '    %s\n' "$(install_command)" >&2
    exit "$host_lacks_something"
}

title_of() {
    case $1 in
    jdk) echo "JDK 25" ;;
    maven) echo "Maven" ;;
    qemu) echo "QEMU" ;;
    *) echo "$1" ;;
    esac
}

titles_of_missing() {
    between=
    printf '%s' "$missing" | while read -r thing _; do
        printf '%s%s' "$between" "$(title_of "$thing")"
        between=', '
    done
}

find_package_manager() {
    manager=none
    for candidate in apt-get dnf brew; do
        ! command -v "$candidate" >/dev/null || { manager=${candidate%-get} && return; }
    done
}

# Sets rights to root, sudo or none. Without a terminal sudo must not ask for a password.
become_root() {
    rights=none
    if [ "$(id -u)" = 0 ]; then
        rights=root
    elif command -v sudo >/dev/null && { [ -t 2 ] || sudo -n true 2>/dev/null; }; then
        rights=sudo
    fi
}

# Sets packages. What has no package here ends the run, with the command for the rest.
name_packages() {
    packages='' unavailable=''
    for thing in $(printf '%s' "$missing" | cut -d ' ' -f 1); do
        name=$(package_of "$thing")
        if [ "$thing" = jdk ] && [ "$manager" = apt ] && ! apt_offers "$name"; then name=; fi
        if [ -n "$name" ]; then packages="$packages $name"; else unavailable="$unavailable $thing"; fi
    done
    packages=${packages# }
    case " $unavailable " in
    *" jdk "*)
        say "this system has no package of JDK 25. Install any build of it and set JAVA_HOME to its folder, or put it"
        say "into one of $(echo "$jdk_folders" | sed 's/:/, /g')"
        ;;
    "  ") return 0 ;;
    *) say "no known package manager here; install by hand:$unavailable" ;;
    esac
    [ -z "$packages" ] || refuse "for the rest, run"
    exit "$host_lacks_something"
}

# package_of THING: its package's name; empty when this package manager is not known to have it.
package_of() {
    case $manager-$1-$(uname -m) in
    apt-jdk-*) echo openjdk-25-jdk-headless ;;
    dnf-jdk-*) echo java-25-openjdk-devel ;;
    brew-jdk-*) echo openjdk@25 ;;
    apt-maven-* | dnf-maven-* | brew-maven-*) echo maven ;;
    apt-qemu-aarch64) echo qemu-system-arm ;;
    apt-qemu-*) echo qemu-system-x86 ;;
    dnf-qemu-aarch64) echo qemu-system-aarch64-core ;;
    dnf-qemu-*) echo qemu-system-x86-core ;;
    brew-qemu-*) echo qemu ;;
    apt-perl-*) echo perl-base ;;
    dnf-perl-*) echo "perl-interpreter perl-POSIX" ;;
    brew-perl-*) echo perl ;;
    apt-setsid-* | dnf-setsid-*) echo util-linux ;;
    esac
}

install_command() {
    case $manager in
    apt) echo "apt-get update && apt-get install -y --no-install-recommends $packages" ;;
    dnf) echo "dnf install -y $packages" ;;
    brew) echo "brew install $packages" ;;
    esac
}

apt_offers() {
    apt_has_lists || [ "${PROVISION_SETUP-}" = never ] || [ "$rights" = none ] || apt_update
    case $(LC_ALL=C apt-cache policy "$1" 2>/dev/null) in
    *"Candidate: (none)"*) return 1 ;;
    *"Candidate: "*) return 0 ;;
    *) return 1 ;;
    esac
}

apt_has_lists() {
    for list in /var/lib/apt/lists/*_Packages*; do
        [ ! -e "$list" ] || return 0
    done
    return 1
}

# A fresh machine has no package lists; one that was switched off for months has lists of packages that are gone.
apt_install() {
    apt_has_lists || apt_update
    log=$(mktemp)
    if ! apt_get install -y --no-install-recommends "$@" >"$log" 2>&1; then
        apt_update
        if ! apt_get install -y --no-install-recommends "$@" >"$log" 2>&1; then
            cat "$log" >&2
            rm -f "$log"
            fail "$host_lacks_something" "apt-get could not install $*; its own words stand above"
        fi
    fi
    rm -f "$log"
}

# When it fails, the installation that follows says why.
apt_update() {
    say "refreshing the package lists"
    apt_get -q update >/dev/null 2>&1 || :
}

# Waits for another package manager that is at work, as it often is just after a machine's first boot.
apt_get() {
    set -- env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 "$@"
    [ "$rights" = root ] || set -- sudo "$@"
    "$@" </dev/null
}

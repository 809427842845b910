# Disks: found by serial, formatted when blank, checked, grown, mounted (sourced).
#
# A disk is formatted only when it is blank for sure, or when an earlier formatting by this script was cut off. Anything
# else that is not a sound ext4 file system is reported and left alone: it may be somebody's data.

# Bytes 0 to 1023 of a disk are unused by ext4 (they are for boot loaders). While a blank disk is being formatted, they
# begin with this mark, so that a machine killed in between can start over.
FORMATTING_MARK=provision:formatting
MIB=1048576

# disk_with_serial SERIAL: prints its device, such as /dev/vda.
disk_with_serial() {
    for block in /sys/block/vd*; do
        [ "$(cat "$block/serial" 2>/dev/null)" = "$1" ] && echo "/dev/${block##*/}" && return 0
    done
    return 1
}

# superblock_number DEVICE OFFSET BYTES: a number of the ext4 superblock, which starts at byte 1024.
superblock_number() {
    od -A n -t "u$3" -j $((1024 + $2)) -N "$3" "$1" | tr -d ' '
}

# s_magic, see the kernel's Documentation/filesystems/ext4/super.rst
is_ext4() {
    [ "$(superblock_number "$1" 56 2)" = 61267 ]
}

is_half_formatted() {
    [ "$(head -c ${#FORMATTING_MARK} "$1")" = "$FORMATTING_MARK" ]
}

# Reads the places where file systems, volume managers and partition tables keep their superblocks and the copies of
# them: the first and the last MiB, and those of ext4's backups.
is_blank() {
    mibs=$(($(cat "/sys/block/${1##*/}/size") * 512 / MIB))
    for mib in 0 8 32 64 128 256 384 $((mibs - 1)); do
        [ "$mib" -ge "$mibs" ] || [ "$mib" -lt 0 ] ||
            [ "$(dd if="$1" bs=$MIB skip="$mib" count=1 2>/dev/null | tr -d '\000' | head -c 1 | wc -c)" = 0 ] ||
            return 1
    done
}

# one_line TEXT: what a tool said, as a message for the host.
one_line() {
    echo "$1" | tr -s '\n\t ' ' '
}

# prepare_disk PHASE DEVICE: afterwards there is a checked ext4 file system on it, or the phase has failed.
prepare_disk() {
    if is_half_formatted "$2"; then
        format_disk "$1" "$2"
    elif is_ext4 "$2"; then
        check_disk "$1" "$2"
    elif is_blank "$2"; then
        format_disk "$1" "$2"
    else
        failed "$1" "the disk is neither blank nor ext4: not touched"
    fi
}

format_disk() {
    printf %s "$FORMATTING_MARK" | dd of="$2" bs=512 conv=sync,notrunc,fsync 2>/dev/null
    # Lazy: the kernel writes the inode tables later, in the background. 4 KiB blocks whatever the size: it will grow.
    # By its path: busybox sh prefers its own, lesser mke2fs. A label ends at 16 bytes.
    if ! message=$(/usr/bin/mke2fs -q -F -t ext4 -b 4096 -m 0 -L "${1#disk-}" \
        -E nodiscard,lazy_itable_init=1,lazy_journal_init=1 "$2" 2>&1); then
        failed "$1" "mke2fs: $(one_line "$message")"
        return 1
    fi
    dd if=/dev/zero of="$2" bs=512 count=1 conv=notrunc,fsync 2>/dev/null
}

# e2fsck replays the journal and repairs what is safe to repair; from 4 on it needs a person, see e2fsck(8).
check_disk() {
    message=$(e2fsck -p "$2" 2>&1)
    [ $? -lt 4 ] || failed "$1" "e2fsck: $(one_line "$message")"
}

# mount_disk PHASE DEVICE FOLDER
mount_disk() {
    mount -t ext4 -o noatime "$2" "$3" || failed "$1" "$2 cannot be mounted" || return 1
    grow_disk "$1" "$2"
    return 0
}

# grow_disk PHASE DEVICE: a mounted file system takes all of a device that has become larger; blocks are 4 KiB.
grow_disk() {
    device_blocks=$(($(cat "/sys/block/${2##*/}/size") / 8))
    [ "$(superblock_number "$2" 4 4)" -ge "$device_blocks" ] && return 0
    message=$(resize2fs "$2" 2>&1) || failed "$1" "resize2fs: $(one_line "$message")"
}

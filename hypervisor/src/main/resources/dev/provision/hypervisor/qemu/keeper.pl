# The keeper of one VMM: starts it, holds its logs to their bounds, writes down how it ended. QEMU bounds no log, and who
# is not the parent of a process never learns its exit status.
#
# Arguments: the machine's name (for `ps`), the number of the user to become or -, the file that the end is written to,
# the number of taps, for each its name, its alias, its bridge and the VMM's descriptor of it, then for each log its file, the most bytes it may have, and how many of its beginning and of its end are kept when it has
# more. The last log is the VMM's own output; the others are its descriptors 20, 21, ...
# Standard input: this text, and behind its end the VMM's command, its words separated by NUL. Standard output: its pid.
# No module is loaded before the VMM runs in a process of its own: this one stays as small as can be.
use strict;

my (undef, $user, $end, $taps, @bounds) = @ARGV;
my @taps = splice @bounds, 0, 4 * $taps;
my @command = split /\0/, do { local $/; <DATA> };

open my $ending, '+<', $end or die "$end: $!\n";
my (@logs, @writers);
while (my ($file, $most, $head, $tail) = splice @bounds, 0, 4) {
    open my $log, '+<', $file or die "$file: $!\n";
    pipe my $reader, my $writer or die "pipe: $!\n";
    push @logs, {late => '', to => $log, from => $reader, most => $most, head => $head, tail => $tail};
    push @writers, $writer;
}

# From here on nothing but the VMM's end ends this: not who started it and is gone (its pid is then told to nobody), nor
# what is meant for a VMM, which may come as soon as there is one. Of the terminal it is out already. The VMM has these
# signals as they were given to this process.
my @signals = grep { ($SIG{$_} // '') ne 'IGNORE' } 'PIPE', 'HUP', 'INT', 'QUIT', 'TERM';
$SIG{$_} = 'IGNORE' for @signals;

# Closed by exec: until then the new process has the command line of this one, and nobody would take it for the VMM.
pipe my $started, my $starting or die "pipe: $!\n";
my $vmm = fork;
die "fork: $!\n" if !defined $vmm;
if (!$vmm) {
    $SIG{$_} = 'DEFAULT' for @signals;
    delete $ENV{PWD}; # which sh puts there
    require POSIX;
    # Made by who is still root, and open in nobody but the VMM: they end with it.
    while (my ($tap, $alias, $bridge, $number) = splice @taps, 0, 4) {
        open my $tun, '+<', '/dev/net/tun' or die "tap $tap cannot be made: /dev/net/tun: $!\n";
        # linux/if_tun.h: TUNSETIFF of IFF_TAP, IFF_NO_PI, IFF_VNET_HDR, IFF_TUN_EXCL
        my $request = pack 'a16 S x22', $tap, 0x0002 | 0x1000 | 0x4000 | 0x8000;
        ioctl $tun, 0x400454ca, $request or die "tap $tap cannot be made: $!\n";
        system(qw(ip link set dev), $tap, 'alias', $alias, 'master', $bridge, 'up') == 0
            or die "tap $tap cannot join the bridge $bridge\n";
        POSIX::dup2(fileno $tun, $number) or die "dup2: $!\n";
    }
    my $output = pop @writers;
    open STDIN, '<', '/dev/null' or die "/dev/null: $!\n";
    for my $number (0 .. $#writers) {
        POSIX::dup2(fileno $writers[$number], 20 + $number) or die "dup2: $!\n";
    }
    POSIX::dup2(fileno $output, $_) or die "dup2: $!\n" for 1, 2;
    exec { $command[0] } @command or die "$command[0]: $!\n";
}

close $starting;
sysread $started, my $nothing, 1;
close $started;
# The pid is told before the rest is done: whoever waits for it must not wait for that.
syswrite STDOUT, "$vmm\n";
close $_ for @writers;
open $_, '+<', '/dev/null' for *STDIN, *STDOUT;
chdir '/';
if ($user ne '-' && !become($user)) {
    kill 'KILL', $vmm;
    die "its keeper cannot become user $user\n";
}
open STDERR, '+<', '/dev/null';

# For good: assigned together, the real and the effective one leave the saved one as it was, and with root's the
# capabilities. Assigned alone, the real one takes the saved one along, setreuid(2).
sub become {
    my ($number) = @_;
    ($(, $)) = ($number, "$number $number");
    $( = $number;
    ($<, $>) = ($number, $number);
    $< = $number;
    open my $status, '<', '/proc/self/status' or return 0;
    return 6 == grep { /^[UG]id:(?:\s+$number){4}$/ || /^Groups:\s+$number\s*$/ || /^Cap(?:Inh|Prm|Eff):\s+0+$/ } <$status>;
}

# Keeps a log's beginning and end, in place: no folder needs to be writable, and those who have it open go on.
sub cut {
    my ($log, $size) = @_;
    my ($to, $at, $from) = ($log->{to}, $log->{head}, $size - $log->{tail});
    if ($at) {
        sysseek $to, $at, 0;
        syswrite $to, "\n";
        $at++;
    }
    while ($from < $size) {
        sysseek $to, $from, 0;
        my $got = sysread $to, my $part, 65536 or last;
        sysseek $to, $at, 0;
        syswrite $to, $part;
        $from += $got;
        $at += $got;
    }
    truncate $to, $at;
}

# Writes to the end as it is now: a log may be emptied by hand. What a full disk does not take waits for room: in a report it may
# be the one line that tells that the guest is ready. The oldest 64 KiB and a part wait; what comes after them is lost.
sub put {
    my ($log, $part) = @_;
    $log->{late} .= $part if length $log->{late} < 65536;
    sysseek $log->{to}, 0, 2;
    my $written = syswrite $log->{to}, $log->{late};
    substr($log->{late}, 0, $written) = '' if $written;
    my $size = -s $log->{to};
    cut($log, $size) if $size > $log->{most};
}

while (my @open = grep { $_->{from} } @logs) {
    my $ready = '';
    vec($ready, fileno $_->{from}, 1) = 1 for @open;
    my @late = grep { length $_->{late} } @logs;
    next if select($ready, undef, undef, @late ? 1 : undef) < 0;
    put($_, '') for @late;
    for my $log (grep { vec $ready, fileno $_->{from}, 1 } @open) {
        my $got = sysread $log->{from}, my $part, 65536;
        if (!$got) {
            delete $log->{from} if defined $got;
            next;
        }
        put($log, $part);
    }
}
put($_, '') for grep { length $_->{late} } @logs;
waitpid $vmm, 0;
syswrite $ending, $? & 127 ? 'signal ' . ($? & 127) . "\n" : 'exit ' . ($? >> 8) . "\n";

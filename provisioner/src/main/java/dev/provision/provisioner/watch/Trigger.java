package dev.provision.provisioner.watch;

/** What makes the watch look at its fleet again. */
public sealed interface Trigger {

    /** A file that the manifest is made of has changed, or a person says so by SIGHUP. */
    record Reread() implements Trigger {}

    /** A VMM has ended, whoever ended it. */
    record VmmEnded(String machine) implements Trigger {}

    /** Nothing of the watch is to go on. */
    record Stop() implements Trigger {}
}

package dev.provision.planner.host;

/**
 * A folder of the host that no machine can be given.
 *
 * @param folder
 *            absolute path, as manifests resolve it
 * @param why
 *            one clause about it
 * @param fix
 *            an imperative sentence without a full stop
 */
public record UnusableFolder(String folder, String why, String fix) {}

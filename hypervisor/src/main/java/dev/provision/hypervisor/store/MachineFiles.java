package dev.provision.hypervisor.store;

import java.nio.file.Path;

import dev.provision.schema.fleet.DiskKey;

/**
 * The files of one machine, as {@link StoreLayout} names them. All paths are absolute.
 *
 * @param directory
 *            the machine's own; goes with it
 * @param storage
 *            persistent disk, outside {@code directory}
 * @param disks
 *            directory of the named persistent disks, outside {@code directory}
 * @param lastConsoleLog
 *            end of the console log of the boot before
 * @param settings
 *            directory of fw_cfg files
 * @param sockets
 *            directory of sockets
 * @param qmpSocket
 *            the VMM's monitor, QMP
 * @param agentSocket
 *            the guest's agent
 * @param shellSocket
 *            the guest's {@code hvc0}: an interactive shell
 * @param consoleSocket
 *            the guest's {@code ttyS0}
 */
public record MachineFiles(Path directory, Path record, Path overlay, Path storage, Path disks, Path consoleLog,
        Path lastConsoleLog, Path reportLog, Path runLog, Path vmmLog, Path settings, Path sockets, Path qmpSocket,
        Path agentSocket, Path shellSocket,
        Path consoleSocket) {

    /** The directory of all machines of the fleet in this store. */
    public Path fleet() {
        return directory.resolveSibling(".").normalize();
    }

    /** The file of a persistent disk. */
    public Path persistentDisk(DiskKey disk) {
        return disk.isStorage() ? storage : StoreLayout.storageFile(disks, disk.name());
    }

    /** How its VMM ended: {@code exit CODE} or {@code signal NUMBER}; empty while it runs. */
    public Path vmmEnd() {
        return directory.resolve("vmm.end");
    }

    /** How often the machine's command was started before this boot: a number. */
    public Path attempts() {
        return directory.resolve("attempts");
    }

    /** What the servers of the machine's volumes wrote in this boot. */
    public Path volumesLog() {
        return directory.resolve("volumes.log");
    }

    /** Directory of the sockets of those servers; there from before the first of them is started. */
    public Path volumeSockets() {
        return sockets.resolve("volumes");
    }

    /**
     * The socket of one of them.
     *
     * @param number
     *            the volume's place in the spec, from 0
     */
    public Path volumeSocket(int number) {
        return volumeSockets().resolve(number + ".sock");
    }

    /** The fw_cfg file {@code opt/provision/NAME}. */
    public Path setting(String name) {
        return settings.resolve(name);
    }
}

package dev.provision.schema.fleet;

import java.util.List;

/** How it is found out, from inside the guest, that a machine is ready for its users. */
public sealed interface Probe {

    /** The guest has booted and its agent answers; what holds unless told otherwise. */
    record Agent() implements Probe {
        @Override
        public String toString() {
            return "agent";
        }
    }

    /** Something accepts connections on this port of the guest, 1 to 65535. */
    record Tcp(int port) implements Probe {
        @Override
        public String toString() {
            return "tcp " + port;
        }
    }

    /** An HTTP server of the guest answers a GET of this path with a status from 200 to 399. */
    record Http(int port, String path) implements Probe {
        @Override
        public String toString() {
            return "http " + port + path;
        }
    }

    /** The command ends with exit code 0. */
    record Exec(List<String> command) implements Probe {
        public Exec {
            command = List.copyOf(command);
        }

        @Override
        public String toString() {
            return "exec " + String.join(" ", command);
        }
    }
}

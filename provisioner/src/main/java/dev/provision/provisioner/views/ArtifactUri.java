package dev.provision.provisioner.views;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** How SARIF names files (section 3.4): relative to the folder that the program runs in, others absolute. */
final class ArtifactUri {

    /** What GitHub and others take for the root of the sources. */
    static final String BASE = "%SRCROOT%";

    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private final Path folder;

    ArtifactUri(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** An artifactLocation object. */
    Map<String, Object> location(Path file) {
        Path absolute = folder.resolve(file).normalize();
        return absolute.startsWith(folder)
                ? Json.object("uri", encoded(folder.relativize(absolute)), "uriBaseId", BASE)
                : Json.object("uri", absolute.toUri().toASCIIString());
    }

    /** A relative reference (RFC 3986): a colon is encoded too, it could be taken for a scheme's. */
    private static String encoded(Path relative) {
        return StreamSupport.stream(relative.spliterator(), false)
                .map(segment -> encoded(segment.toString()))
                .collect(Collectors.joining("/"));
    }

    private static String encoded(String segment) {
        StringBuilder uri = new StringBuilder();
        for (byte octet : segment.getBytes(StandardCharsets.UTF_8)) {
            boolean unreserved = UNRESERVED.indexOf(octet) >= 0;
            uri.append(unreserved ? String.valueOf((char) octet) : "%%%02X".formatted(octet));
        }
        return uri.toString();
    }
}

package dev.provision.provisioner.imports;

import java.util.Optional;

import dev.provision.schema.diagnostics.SourceText;

/**
 * What shall become a manifest.
 *
 * @param file
 *            the name of the file without its folder
 * @param folder
 *            the name of the folder it lies in; empty for the root of the file system
 * @param way
 *            the path from the manifest's folder to that folder; empty when it is the same
 * @param fleet
 *            the name that the fleet shall have, where the person said one: an RFC 1123 label
 */
public record ImportRequest(SourceText source, String file, String folder, String way, Optional<String> fleet) {}

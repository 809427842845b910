/** The host's device catalogue: names for devices that manifests can ask for. */
@NullMarked
package dev.provision.schema.devices;

import org.jspecify.annotations.NullMarked;

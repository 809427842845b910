package dev.provision.hypervisor.qemu.qmp;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Something the VMM said of itself, such as {@code SHUTDOWN} or {@code BALLOON_CHANGE} (QMP specification, 2.5).
 *
 * @param data
 *            an object; empty when the event has none
 */
public record QmpEvent(String name, JsonNode data) {}

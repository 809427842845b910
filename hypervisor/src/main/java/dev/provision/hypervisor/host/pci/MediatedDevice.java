package dev.provision.hypervisor.host.pci;

/**
 * A part of a device that its driver has made for a machine (Linux, Documentation/driver-api/vfio-mediated-device.rst).
 *
 * @param uuid
 *            its name
 * @param parent
 *            PCI address of the device that it is a part of
 * @param type
 *            what its driver calls its kind: {@code NVIDIA A100-3-20C}
 */
public record MediatedDevice(String uuid, String parent, String type) {}

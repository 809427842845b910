/** What building an image tells and how it fails. */
@NullMarked
package dev.provision.hypervisor.image.build;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.provision.provisioner.golden;

import org.jspecify.annotations.NullMarked;

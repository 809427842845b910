@NullMarked
package dev.provision.provisioner.views;

import org.jspecify.annotations.NullMarked;

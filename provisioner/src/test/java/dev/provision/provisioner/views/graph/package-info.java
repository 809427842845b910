@NullMarked
package dev.provision.provisioner.views.graph;

import org.jspecify.annotations.NullMarked;

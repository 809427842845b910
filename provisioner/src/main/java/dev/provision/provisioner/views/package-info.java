/** Human, plain and JSON views of plans and events. */
@NullMarked
package dev.provision.provisioner.views;

import org.jspecify.annotations.NullMarked;

/** Figures of a watch for Prometheus and whoever else reads OpenMetrics. */
@NullMarked
package dev.provision.provisioner.metrics;

import org.jspecify.annotations.NullMarked;

/** Plans as pictures: who waits for whom, and who holds what of the pool when. */
@NullMarked
package dev.provision.provisioner.views.graph;

import org.jspecify.annotations.NullMarked;

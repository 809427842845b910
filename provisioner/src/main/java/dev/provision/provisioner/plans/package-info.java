/** Plans as documents: written, bound to what they were made from, read again. */
@NullMarked
package dev.provision.provisioner.plans;

import org.jspecify.annotations.NullMarked;

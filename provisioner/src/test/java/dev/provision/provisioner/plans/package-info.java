/** Tests of plans as documents. */
@NullMarked
package dev.provision.provisioner.plans;

import org.jspecify.annotations.NullMarked;

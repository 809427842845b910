/** What the program knows to tell about itself: the pages that explain diagnostics. */
@NullMarked
package dev.provision.provisioner.documentation;

import org.jspecify.annotations.NullMarked;

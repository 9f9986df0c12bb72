// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The table {@code [deploy]}. */
@ObjectClassDefinition(name = "Deployment", description = "How bundles are checked and watched that replace others while the node forwards.")
public @interface DeployConfig {
    /** Its configuration. */
    String PID = "io.portunus.deploy";

    /** Whether jars must be signed. */
    @AttributeDefinition(name = "require_signed", description = "Whether a jar must be signed by one of the signers.")
    boolean require_signed() default false;

    /** Who is trusted. */
    @AttributeDefinition(name = "signers", description = "Certificates that are trusted to sign jars, or to issue such certificates:"
        + " PEM files, or PEM text.")
    String[] signers() default {};

    /** How long a new version is watched. */
    @AttributeDefinition(name = "bake", description = "How long a new version is watched before it stays, in milliseconds; 0 to 600000.")
    long bake() default 10_000;

    /** How many versions of a bundle may be there. */
    @AttributeDefinition(name = "max_versions", description = "Most versions of a bundle that are there at once; 2 to 8.")
    int max_versions() default 3;
}

// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.node.api.Setting;
import io.portunus.node.api.SettingsTable;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The table {@code [deploy]}. */
@SettingsTable(table = "deploy")
@ObjectClassDefinition(name = "the deployment of bundles", description = "How bundles are replaced.")
public @interface DeployConfig {
    /** Its configuration. */
    String PID = "io.portunus.deploy";

    /** Whether jars must be signed. */
    @AttributeDefinition(description = "Whether only bundles are taken that one of the signers has signed")
    boolean require_signed() default false;

    /** Who is trusted. */
    @Setting(form = Setting.PATH, needed = "require_signed", example = "[\"/etc/portunus/signer.pem\"]")
    @AttributeDefinition(cardinality = 64, description = "Absolute paths of PEM files with the certificates of who may sign; required if"
        + " require_signed")
    String[] signers() default {};

    /** How long a new version is watched, in milliseconds. */
    @Setting(form = Setting.TIME)
    @AttributeDefinition(min = "0", max = "600000", description = "How long a new version is watched before it stays")
    long bake() default 10_000;

    /** How many versions of a bundle may be there. */
    @AttributeDefinition(min = "2", max = "8", description = "Most versions of a bundle at once")
    int max_versions() default 3;
}

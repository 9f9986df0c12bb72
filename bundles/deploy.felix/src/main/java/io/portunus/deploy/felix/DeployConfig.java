// SPDX-License-Identifier: Apache-2.0
package io.portunus.deploy.felix;

import io.portunus.node.api.Setting;
import io.portunus.node.api.SettingsTable;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

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
    @AttributeDefinition(cardinality = 64, description = "Absolute paths of PEM files with the certificates of who may sign, or issue for those who"
        + " do; a path alone may sign bundles of every name, \"/etc/portunus/acme.pem for com.acme.*, com.acme\" only those; required if"
        + " require_signed")
    String[] signers() default {};

    /** How long a new version is watched, in milliseconds. */
    @Setting(form = Setting.TIME)
    @AttributeDefinition(min = "0", max = "600000", description = "How long a new version is watched before it stays")
    long bake() default 10_000;

    /** How many versions of a bundle may be there. */
    @AttributeDefinition(min = "2", max = "8", description = "Most versions of a bundle at once")
    int max_versions() default 3;

    /** Of {@link #lost_loop}. */
    String EXIT = "exit";

    /** What becomes of the process when a loop is lost. */
    @AttributeDefinition(options = {@Option(EXIT), @Option("stay")}, description = "What is done when a loop is lost, because code of a bundle has"
        + " held it for 10 s: exit drains what still moves and ends with exit code 4, for a supervisor to start the process again; stay goes on"
        + " without the loop and its connections")
    String lost_loop() default EXIT;
}

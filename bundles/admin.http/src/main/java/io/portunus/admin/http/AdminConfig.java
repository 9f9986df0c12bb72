// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import io.portunus.node.api.Setting;
import io.portunus.node.api.SettingsTable;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The table {@code [admin]}. */
@SettingsTable(table = "admin")
@ObjectClassDefinition(name = "the admin surface", description = "Health, readiness, metrics and the node's resources over HTTP.")
public @interface AdminConfig {
    /** Address and port. */
    @Setting(form = Setting.LISTEN)
    @AttributeDefinition(description = "Address and port of the admin surface, ip:port; port 0 lets the system pick; if it is not written"
        + " and the port is taken, there is another, which the file admin.address of the state folder tells")
    String listen() default "127.0.0.1:7080";

    /** Families of its clients. */
    @Setting(form = Setting.DUAL_STACK, of = "listen")
    @AttributeDefinition(description = "With the address :: in listen: whether IPv4 clients are taken, too")
    boolean dual_stack() default false;

    /** Whether nobody named the port. */
    @Setting(form = Setting.NOT_WRITTEN, of = "listen")
    @AttributeDefinition(description = "Whether another port of the same address does as well, if this one is taken")
    boolean fallback() default false;

    /** Names that requests may use. */
    @Setting(form = Setting.NAME, example = "[\"edge-1.example.com\", \"edge-1\"]")
    @AttributeDefinition(cardinality = 16, description = "Host names by which the admin surface may be called, besides its address and"
        + " localhost, one as text or a list")
    String[] host() default {};
}

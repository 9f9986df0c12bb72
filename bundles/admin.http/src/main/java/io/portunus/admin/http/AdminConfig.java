// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.http;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The table {@code [admin]}. */
@ObjectClassDefinition(name = "Admin surface", description = "Health, readiness, metrics and the node's resources over HTTP.")
public @interface AdminConfig {
    /** Address and port. */
    @AttributeDefinition(name = "listen", description = "IP address and port to listen on; port 0 takes a free one.")
    String listen() default "127.0.0.1:7080";

    /** Families of its clients. */
    @AttributeDefinition(name = "dual stack", description = "Whether the address :: takes IPv4 clients, too.")
    boolean dual_stack() default false;

    /** Whether nobody named the port. */
    @AttributeDefinition(name = "fallback", description = "Whether another port of the same address does as well, if this one is taken.")
    boolean fallback() default false;

    /** Names that requests may use. */
    @AttributeDefinition(name = "host", description = "Host names by which the surface may be called, besides its address and localhost;"
        + " a request that names another is refused. Empty: none.")
    String[] host() default {};
}

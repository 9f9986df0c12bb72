// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where the shell listens and whom it lets in. */
@ObjectClassDefinition(name = "Portunus shell", description = "The shell over SSH.")
@interface SshConfig {
    /** The PID. */
    String PID = "io.portunus.shell";

    @AttributeDefinition(description = "IP address and port that the shell listens on.")
    String listen() default "127.0.0.1:8101";

    @AttributeDefinition(description = "Whether the address :: takes IPv4 clients, too.")
    boolean dual_stack() default false;

    @AttributeDefinition(description = "Whether another port of the same address does as well, if this one is taken.")
    boolean fallback() default false;

    @AttributeDefinition(description = "File with the public keys that are let in, as OpenSSH has it; empty for <state>/authorized_keys.")
    String authorized_keys() default "";
}

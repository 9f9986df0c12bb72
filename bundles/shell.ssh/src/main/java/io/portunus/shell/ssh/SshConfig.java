// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import io.portunus.node.api.Setting;
import io.portunus.node.api.SettingsTable;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Where the shell listens and whom it lets in. */
@SettingsTable(table = "shell", optional = true)
@ObjectClassDefinition(name = "the shell over SSH", description = "The shell over SSH; without the table there is none.")
@interface SshConfig {
    /** The PID. */
    String PID = "io.portunus.shell";

    @Setting(form = Setting.LISTEN)
    @AttributeDefinition(description = "Address and port of the shell, ip:port; port 0 lets the system pick; if it is not written and the"
        + " port is taken, there is another, which the file shell.address of the state folder tells")
    String listen() default "127.0.0.1:8101";

    @Setting(form = Setting.DUAL_STACK, of = "listen")
    @AttributeDefinition(description = "With the address :: in listen: whether IPv4 clients are taken, too")
    boolean dual_stack() default false;

    @Setting(form = Setting.NOT_WRITTEN, of = "listen")
    @AttributeDefinition(description = "Whether another port of the same address does as well, if this one is taken")
    boolean fallback() default false;

    @Setting(form = Setting.PATH, example = "\"/etc/portunus/authorized_keys\"")
    @AttributeDefinition(description = "Absolute path of the file with the public keys that may come in; none: authorized_keys in the state folder")
    String authorized_keys() default "";
}

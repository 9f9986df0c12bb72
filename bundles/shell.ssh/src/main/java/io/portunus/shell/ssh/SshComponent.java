// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell.ssh;

import io.portunus.node.api.BundlePart;
import io.portunus.node.api.Post;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Listens while a configuration is there, and no other version of this bundle does. */
@Component(immediate = true, service = {}, configurationPid = SshConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SshConfig.class)
public final class SshComponent {
    private final SshDoor door;
    private final Post post;

    /** Starts to listen; what hinders that is logged and fails nothing, since a node without this shell forwards all the same. */
    @Activate
    public SshComponent(@Reference CommandProcessor processor, BundleContext bundles, SshConfig config) {
        Path state = Path.of(Objects.requireNonNull(bundles.getProperty("portunus.state"), "the property portunus.state is not set"));
        Path keys = config.authorized_keys().isEmpty() ? state.resolve("authorized_keys") : state.resolve(config.authorized_keys());
        door = new SshDoor(processor, new SshDoor.Settings(config.listen(), keys, state.resolve("shell_host_key"), SshDoor.Limits.USUAL,
            config.fallback()));
        door.takeBothFamilies(config.dual_stack());
        post = Post.apply(new BundlePart(bundles.getBundle().getSymbolicName(), bundles.getBundle().getVersion().toString(), "socket"), door);
    }

    @Deactivate
    void deactivate() {
        post.close(door::finish);
    }
}

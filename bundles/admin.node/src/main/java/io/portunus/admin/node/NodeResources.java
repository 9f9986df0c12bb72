// SPDX-License-Identifier: Apache-2.0
package io.portunus.admin.node;

import io.portunus.admin.api.Resource;
import io.portunus.node.api.BundlePart;
import io.portunus.node.api.Post;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Registers {@link Resources}, each as a service, as long as the bundle runs: none waits for its part of the node. They are there beside those of an
 * older version, so that no path is ever without one; the post is for the changes at work, whose answers are given after the bundle was stopped.
 * Confined to the framework's threads.
 */
@Component(service = {}, immediate = true)
public final class NodeResources implements Post.Holder {
    private final DetachedChanges changes = new DetachedChanges();
    private final Post post;
    private final List<ServiceRegistration<Resource>> registrations;

    /** Registers them. */
    @Activate
    public NodeResources(@Reference Parts parts, BundleContext context) {
        Path state = Path.of(Objects.requireNonNull(context.getProperty("portunus.state"), "the property portunus.state is not set"));
        post = Post.apply(new BundlePart(context.getBundle().getSymbolicName(), context.getBundle().getVersion().toString(), "changes"), this);
        registrations = Resources.of(parts, changes, Clock.systemUTC(), state).stream()
            .map(resource -> context.registerService(Resource.class, resource, FrameworkUtil.asDictionary(Map.of()))).toList();
    }

    @Override
    public void take(Post taken) {
        // The surface gives each path to who came first, and then to the next.
    }

    @Override
    public void leave() {
        // The resources are taken away by themselves.
    }

    @Deactivate
    void deactivate() {
        post.close(changes::finish);
        registrations.reversed().forEach(ServiceRegistration::unregister);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.portunus.shell;

import io.portunus.node.api.BundlePart;
import io.portunus.node.api.Post;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Keeps this version installed while commands of it are at work, as the very one that replaces it: its text is still to be made. Confined to the
 * framework's threads.
 */
@Component(service = {}, immediate = true)
public final class CommandsPost implements Post.Holder {
    private final Post post;

    /** Applies for the post of the commands; they are there beside those of an older version, so nothing waits for it. */
    @Activate
    public CommandsPost(BundleContext context) {
        post = Post.apply(new BundlePart(context.getBundle().getSymbolicName(), context.getBundle().getVersion().toString(), "commands"), this);
    }

    @Override
    public void take(Post taken) {
        // Gogo has found the commands already.
    }

    @Override
    public void leave() {
        // Gogo finds those of the next version.
    }

    @Deactivate
    void deactivate() {
        post.close(Detached::finish);
    }
}

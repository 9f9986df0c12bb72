// SPDX-License-Identifier: Apache-2.0
/**
 * How a bundle joins the admin surface: it registers a {@link io.portunus.admin.api.Resource},
 * {@link io.portunus.admin.api.StaticFiles} or an {@link io.portunus.admin.api.Authenticator} as an OSGi service, which is served from that
 * moment until it is unregistered, while the socket stays open. Each request has a thread of its own for what is called.
 */
@NullMarked
@Export
@Version("1.0.0")
package io.portunus.admin.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

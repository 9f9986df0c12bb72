// SPDX-License-Identifier: Apache-2.0
/** What the surfaces of one node call, and what they receive. Every type is safe for use by any thread. */
@NullMarked
@Export
@Version("1.0.0")
package io.portunus.node.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

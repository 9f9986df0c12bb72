// SPDX-License-Identifier: Apache-2.0
/** What surfaces call of the data path; the engine implements it. Every type is safe for use by any thread. */
@NullMarked
@Export
@Version("1.0.0")
package io.portunus.flow.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

// SPDX-License-Identifier: Apache-2.0
/**
 * Calls of libc, one to one, for bundles that would otherwise need java.lang.foreign themselves. A set of calls is used by one thread at a
 * time; what makes sets is thread-safe.
 */
@NullMarked
@Export
@Version("1.0.0")
package io.portunus.linux.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

// SPDX-License-Identifier: Apache-2.0
/**
 * The nouns of Portunus as immutable values, and routing as a pure function. Every type here is immutable and may be shared between
 * threads; nothing here does I/O.
 */
@NullMarked
@Export
@Version("1.0.0")
package io.portunus.model;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

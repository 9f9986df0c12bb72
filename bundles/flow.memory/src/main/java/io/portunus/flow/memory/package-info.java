// SPDX-License-Identifier: Apache-2.0
/**
 * A data path in memory, for checks of handlers before they serve and for tests: no sockets, no threads, and time that passes when it is
 * moved. Everything is confined to one thread. What a test sets beforehand and reads afterwards are fields. What is used in a way that no part
 * of the data path may is an {@link AssertionError}.
 */
@NullMarked
@Export
@Version("1.0.0")
package io.portunus.flow.memory;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

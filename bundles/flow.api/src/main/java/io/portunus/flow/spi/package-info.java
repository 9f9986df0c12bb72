// SPDX-License-Identifier: Apache-2.0
/** What parts of the data path implement; the engine calls it. Types that belong to one connection are confined to its event loop. */
@NullMarked
@Export
@Version("1.0.0")
package io.portunus.flow.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

// SPDX-License-Identifier: Apache-2.0
/** Makes what the distribution ships for authors of bundles. Run by the build, not shipped itself; one thread. */
@NullMarked
package io.portunus.sdk;

import org.jspecify.annotations.NullMarked;
